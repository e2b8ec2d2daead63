import { register } from 'tsx/esm/api';

// a thread has loaders of its own
register();
await import('./survey-part.ts');
