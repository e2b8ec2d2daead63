import { compileModel } from '#shared/grading/compile-model.ts';
import { decidesAgainBy } from '#shared/grading/decides-again.ts';
import { shopModel, shopWorkspace } from '../kit/shop-workspace.ts';

/** By the model that every run of a proof grades by. */
export const shopDecidesAgain = () =>
  decidesAgainBy(
    shopWorkspace({ folder: '/', model: shopModel }).models.map(({ model, hash }) => compileModel(model, hash)),
  );
