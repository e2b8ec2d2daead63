import * as z from 'zod';
import { Workspace } from '../../shared/definitions/workspace.ts';
import { Playbook } from '../../shared/domain/playbook.ts';
import { Model } from '../../shared/grading/model.ts';

/** A workspace with all its files in one, as a build step makes it: what a function reads at its start. JSON. */
export const CompiledWorkspace = z.strictObject({
  workspace: Workspace,
  /** In the order listed: the first decides. */
  models: z
    .array(
      z.strictObject({
        model: Model,
        /** SHA-256, hex, of the parsed model as canonical JSON. */
        hash: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1),
  playbooks: z.array(Playbook),
  /** The file of rates as it stands, where the workspace names one. */
  rates: z.string().optional(),
});
export type CompiledWorkspace = Readonly<z.infer<typeof CompiledWorkspace>>;
