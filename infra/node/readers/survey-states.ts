import { type CustomerState, isOutside } from '../../../shared/domain/customer-state.ts';
import { profileOfCustomer } from '../../../shared/domain/handed-records.ts';
import { type Survey, type SurveyedCustomer, surveyor } from '../../../shared/grading/simulate/survey.ts';
import type { PopulationRequest } from '../../cli/population.ts';

/** Asks everybody as they come, in this thread. */
export const surveyStates = async (
  pages: AsyncIterable<readonly CustomerState[]>,
  { against, ...request }: PopulationRequest,
  done: (customers: number) => void,
): Promise<Survey> => {
  const asking = surveyor(request);
  for await (const page of pages) {
    for (const state of page) {
      const one = surveyedState(state, against);
      if (one !== undefined) asking.take(one);
    }
    done(page.length);
  }
  return asking.survey();
};

/** Undefined for a customer that has no grade of its own. */
export const surveyedState = (state: CustomerState, against: string): SurveyedCustomer | undefined => {
  const { customer, grades, hold } = state;
  return isOutside(state) ? undefined : { customer, profile: profileOfCustomer(state), held: grades[against], hold };
};
