// Writes to an audit in LevelDB until it is killed, and says which records were written: writer.mjs DIRECTORY
import { openAuditLevel } from '../../dist/src/audit/level/open.js';

process.once('disconnect', () => process.exit(1));
const audit = await openAuditLevel({ directory: process.argv[2] });
process.send({ kind: 'open' });
const about = {
  input: 'slack',
  user: 'U1',
  room: 'C1',
  command: 'deploy',
  line: 'deploy billing',
  isMasked: false,
  cause: 'message',
  decision: 'role release',
};
let id = audit.lastId;
const person = async (name) => {
  for (;;) {
    id += 1;
    const own = String(id);
    await audit.write({ kind: 'started', ...about, id: own, person: name });
    process.send({ kind: 'began', id: own });
    await audit.write({ kind: 'ended', id: own, outcome: 'done', durationMs: 1 });
    process.send({ kind: 'ended', id: own });
  }
};
for (let index = 0; index < 10; index += 1) void person(`person-${index}`);
