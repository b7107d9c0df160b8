// npm run bench [-- --only=rpc,streams,table,routing,pipeline,startup,discovery] [--quick]
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, machine } from './lib/machine.mjs';
import { readOptions } from './lib/options.mjs';
import { writeSections } from './lib/sections.mjs';
import { reportDiscovery } from './discovery/report.mjs';
import { runDiscovery } from './discovery/run.mjs';
import { reportPipeline } from './pipeline/report.mjs';
import { runPipeline } from './pipeline/run.mjs';
import { reportRpc } from './rpc/report.mjs';
import { runRpc } from './rpc/run.mjs';
import { reportRouting } from './routing/report.mjs';
import { runRouting } from './routing/run.mjs';
import { reportStartup } from './startup/report.mjs';
import { runStartup } from './startup/run.mjs';
import { reportStreams } from './streams/report.mjs';
import { runStreams } from './streams/run.mjs';
import { reportTable } from './table/report.mjs';
import { runTable } from './table/run.mjs';

const PARTS = {
  rpc: { run: runRpc, report: reportRpc },
  streams: { run: runStreams, report: reportStreams },
  table: { run: runTable, report: reportTable },
  routing: { run: runRouting, report: reportRouting },
  pipeline: { run: runPipeline, report: reportPipeline },
  startup: { run: runStartup, report: reportStartup },
  discovery: { run: runDiscovery, report: reportDiscovery },
};

const say = (text) => process.stderr.write(`${text}\n`);

/** A part that cannot run at all still has its goals in the report, as missed. */
async function measure(part, options) {
  const { run, report } = PARTS[part];
  const measured = await run(options, say).catch((error) => ({ slices: [], failed: { [part]: error.message } }));
  return { ...measured, ...report(measured, options) };
}

/** The one line of a stack or of a child's complaints that says what went wrong; the whole of it is in the JSON file. */
const firstReason = (why) => {
  const lines = why.split('\n');
  return (lines.find((line) => /error/i.test(line)) ?? lines[0]).trim();
};

let options;
try {
  options = readOptions(process.argv.slice(2));
} catch (error) {
  say(error.message);
  process.exit(2);
}
const on = machine();
const results = {};
for (const part of options.parts) results[part] = await measure(part, options[part]);

const failures = Object.values(results).flatMap(({ failed }) =>
  Object.entries(failed).map(([name, why]) => `${name} did not run: ${firstReason(why)}`),
);
/** What one part has to say. */
const sectionOf = ({ tables, goals }) =>
  [
    `${describe(on)}${options.quick ? ', quick run: the figures say little' : ''}`,
    ...tables,
    goals.map(({ line }) => line).join('\n'),
  ].join('\n\n');
const sections = Object.fromEntries(Object.entries(results).map(([part, result]) => [part, sectionOf(result)]));
const text = [...Object.values(sections), ...(failures.length === 0 ? [] : [failures.join('\n')])].join('\n\n');
console.log(text);

const here = (name) => new URL(name, import.meta.url);
const stamp = new Date().toISOString().replaceAll(':', '-');
mkdirSync(here('results/'), { recursive: true });
writeFileSync(here(`results/${stamp}.json`), `${JSON.stringify({ machine: on, options, results }, undefined, 1)}\n`);
writeFileSync(here(`results/${stamp}.md`), `${text}\n`);
// What the repository shows are runs of full length in which everybody took part.
const complete = Object.entries(sections).filter(([part]) => Object.keys(results[part].failed).length === 0);
if (!options.quick) writeSections(here('RESULTS.md'), Object.keys(PARTS), Object.fromEntries(complete));
