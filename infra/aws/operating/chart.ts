import type { Figure } from './figures.ts';

export interface Chart {
  readonly title: string;
  /** `numbers`: how each stands now; the others over time. */
  readonly kind: 'lines' | 'areas' | 'numbers';
  readonly figures: readonly Figure[];
  /** Of the axis. */
  readonly unit?: string;
}

export interface Row {
  readonly title: string;
  readonly charts: readonly Chart[];
}
