import type { CustomerState } from '../../../shared/domain/customer-state.ts';
import { profileOf } from '../../../shared/domain/profile.ts';
import { type Survey, surveyor } from '../../../shared/grading/simulate/survey.ts';
import type { PopulationRequest } from '../../cli/population.ts';

/** Asks everybody as they come, in this thread. */
export const surveyStates = async (
  pages: AsyncIterable<readonly CustomerState[]>,
  { against, ...request }: PopulationRequest,
  done: (customers: number) => void,
): Promise<Survey> => {
  const asking = surveyor(request);
  for await (const page of pages) {
    for (const { customer, records, grades, hold } of page)
      asking.take({ customer, profile: profileOf(records), held: grades[against], hold });
    done(page.length);
  }
  return asking.survey();
};
