import { auditContract } from '../contract/audit.ts';
import { newDirectory, openLevel } from './level-scene.ts';

auditContract('LevelDB', (now) => openLevel(newDirectory(), { now }));
