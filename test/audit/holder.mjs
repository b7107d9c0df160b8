// Opens an audit, says so, and stays until it is killed: holder.mjs FILE
import { openAuditFile } from '../../dist/src/audit/file.js';

await openAuditFile({ path: process.argv[2] });
process.once('disconnect', () => process.exit(1));
process.send('open');
