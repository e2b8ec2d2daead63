import { memoryActionStore } from '../../../shared/adapters/memory/action-store.ts';
import { actionStoreContract } from '../../contract/action-store.ts';

actionStoreContract('memory', memoryActionStore);
