import type { Metadata, ServiceRecord } from '../discovery/registry.ts';
import type { Command, CommandVersion } from './command.ts';
import { shorten } from './declared.ts';
import type { Helps } from './helps.ts';
import { execEndpoint, type Help, namespaceCommand, type NamespaceDeps, wordsName } from './namespace.ts';
import type { Problem } from './problem.ts';
import { readRules, ruleKeys, type Rules, strictest } from './rules.ts';
import { asRead, conditionsOf, endpointMetadata, ofVersion } from './served.ts';

/** A version that said what it does. */
interface Answered {
  readonly version: string;
  readonly help: Help;
}

/** A version whose rules make sense. */
interface Readable {
  readonly version: string;
  readonly rules: Rules;
  readonly conditions: string;
}

/** What the versions of a service in the namespace said of themselves, newest first; those that did not answer yet are left out. */
export const answered = (service: string, versions: readonly ServiceRecord[], helps: Helps): readonly Answered[] =>
  versions.flatMap(({ version }) => {
    const help = helps.get({ service, version });
    return help === undefined ? [] : [{ version, help }];
  });

const ofExec = endpointMetadata(execEndpoint);

/** Where a service in the namespace has its rules: at the endpoint that runs it or, where that has none, as a whole. */
export function rulesMetadata(record: ServiceRecord): Metadata {
  const own = ofExec(record);
  return own !== undefined && ruleKeys.some((key) => own[key] !== undefined) ? own : record.metadata;
}

export interface ByName {
  readonly service: string;
  readonly word: string;
  readonly versions: readonly ServiceRecord[];
  readonly answers: readonly Answered[];
}

/**
 * The command of a service in the namespace, as the newest version that answered describes it, under the strictest rules of all versions. None, when
 * no version has answered. A version whose rules make no sense is left out and told.
 */
export function commandByName(
  { service, word, versions, answers }: ByName,
  deps: NamespaceDeps,
): { readonly commands: readonly Command[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const readable: Readable[] = [];
  for (const record of versions) {
    try {
      const metadata = rulesMetadata(record);
      readable.push({
        version: record.version,
        rules: checked(readRules(metadata)),
        conditions: conditionsOf(metadata),
      });
    } catch (error) {
      const reason = shorten(error instanceof Error ? error.message : String(error));
      problems.push({ kind: 'broken', name: word, service, version: record.version, endpoint: execEndpoint, reason });
    }
  }
  const offered = readable.flatMap((each) => {
    const help = answers.find(({ version }) => version === each.version)?.help;
    return help === undefined ? [] : [{ ...each, help }];
  });
  const [newest] = offered;
  if (newest === undefined) return { commands: [], problems };
  const rules = strictest(readable.map((each) => each.rules));
  const known = new Set(readable.map(({ conditions }) => conditions));
  const command = namespaceCommand({ ...newest, service, word, rules }, deps, [asRead(rulesMetadata, known)]);
  const pinned = offered
    .filter(({ version }) => version !== '')
    .map((each): CommandVersion => {
      const filters = [ofVersion(each.version), asRead(rulesMetadata, new Set([each.conditions]))];
      return { version: each.version, command: namespaceCommand({ ...each, service, word }, deps, filters) };
    });
  return { commands: [pinned.length === 0 ? command : { ...command, versions: pinned }], problems };
}

/** All its words are one parameter. */
function checked(rules: Rules): Rules {
  const unknown = rules.lock?.find((name) => name !== wordsName);
  if (unknown !== undefined) throw new Error(`lock: there is no parameter ${unknown}, only ${wordsName}`);
  return rules;
}
