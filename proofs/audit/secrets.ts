import { randomBytes } from 'node:crypto';
import type { Proof } from '../proof.ts';
import type { Driver } from './books.ts';
import { openScene, type Scene } from './scene.ts';

const rounds = 40;

/** Secrets as people have them: words, keys, with quotes and signs that have a meaning somewhere, in other letters. */
const makers: readonly (() => string)[] = [
  () => `correct horse ${word()} staple`,
  () => `K${word()}+/=${word()}`,
  () => `"${word()}\\n'&<${word()}>`,
  () => `żółw-${word()}-日本`,
  () => word(),
];
const word = (): string =>
  randomBytes(8)
    .toString('hex')
    .replaceAll(/[0-9]/g, (digit) => 'ghijklmnop'.charAt(Number(digit)));

export const auditSecrets: Proof = {
  name: 'audit secrets',
  what: `secrets are said to commands that keep them, echo them, fail with them, wait for a word, are refused and asked for again, ${rounds} times over, and stand in the bot's environment; half of them with an audit in a file, half in LevelDB`,
  goal: 'none of them is in what people read, the log, the output, the audit or the state, in any form that text can have',
  async run(share) {
    const sums = { secrets: 0, lines: 0, outputs: 0, bytes: 0, masked: 0, found: 0 };
    for (const driver of ['file', 'level'] as const) {
      const { secrets, lines, outputs, bytes, masked, found } = await told(driver, Math.max(3, (rounds * share) / 2));
      for (const each of found.slice(0, 20)) console.error(`audit secrets: ${each}`);
      sums.secrets += secrets;
      sums.lines += lines;
      sums.outputs += outputs;
      sums.bytes += bytes;
      sums.masked += masked;
      sums.found += found.length;
    }
    const { secrets, lines, outputs, bytes, masked, found } = sums;
    const figure = `${secrets} secrets, ${lines} lines said, ${outputs} outputs of ${bytes} bytes, ${masked} masked records, ${found} found`;
    return { figure, met: found === 0 && masked >= secrets };
  },
};

interface Told {
  readonly secrets: number;
  readonly lines: number;
  readonly outputs: number;
  readonly bytes: number;
  readonly masked: number;
  readonly found: readonly string[];
}

/** One bot, that so many secrets are said to. */
async function told(driver: Driver, times: number): Promise<Told> {
  const token = `xoxb-${word()}-${word()}`;
  const password = word();
  const scene = await openScene(driver, { MICRO_SLACK_TOKEN: token, MICRO_REGISTRY_PASSWORD: password });
  try {
    const planted = [token, password];
    let lines = 0;
    for (let round = 0; round < times; round += 1) {
      const secret = (makers[round % makers.length] ?? word)();
      planted.push(secret);
      lines += await tell(scene, secret);
    }
    // What was agreed to answers later.
    await scene.say('ann', 'jobs');
    const outputs = await scene.outputs();
    return {
      secrets: planted.length,
      lines,
      outputs: outputs.size,
      bytes: [...outputs.values()].reduce((sum, text) => sum + text.length, 0),
      masked: (outputs.get('audit') ?? '').split('"isMasked":true').length - 1,
      found: planted.flatMap((secret) => leaks(secret, outputs)),
    };
  } finally {
    await scene.close();
  }
}

/** Says a secret in every way there is to say one. Returns how many lines that took. */
async function tell(scene: Scene, secret: string): Promise<number> {
  const quoted = `"${secret.replaceAll(/["\\]/g, '\\$&')}"`;
  const json = JSON.stringify({ name: 'a', key: secret });
  const lines = [
    `put a key=${quoted}`,
    `put a --key ${quoted}`,
    `put ${json}`,
    `put fails key=${quoted}`,
    `put crashes key=${quoted}`,
    `put hangs key=${quoted}`,
    `put a key=${quoted} --plan`,
    `put a key=${quoted} | grep key`,
    `put a count=many key=${quoted}`,
    `put key=${quoted}`,
    `put a wrong=1 key=${quoted}`,
    `put refused a key=${quoted}`,
    `put agreed a key=${quoted}`,
    `call vault Vault.Put ${json}`,
    `call vault Vault.PutRefused ${json}`,
    `own ${quoted}`,
    'rerun',
    'approvals',
    'jobs',
    'history --all',
    'stats vault',
    'status',
    'help put',
    'audit --last 50',
  ];
  for (const line of lines) await scene.say('ann', line);
  const asked = await scene.say('ann', `put asked a key=${quoted}`);
  const code = /\b[0-9A-Z]{4}-[0-9A-Z]{2}\b/.exec(asked)?.[0] ?? '';
  await scene.say('ann', `confirm ${code}`);
  return lines.length + 2;
}

/** The forms in which it might still be read, by where it was found. */
function leaks(secret: string, outputs: ReadonlyMap<string, string>): readonly string[] {
  const once = JSON.stringify(secret).slice(1, -1);
  const bytes = Buffer.from(secret);
  const forms: Readonly<Record<string, string>> = {
    plain: secret,
    'its bytes': bytes.toString('latin1'),
    JSON: once,
    'JSON in JSON': JSON.stringify(once).slice(1, -1),
    'a URL': encodeURIComponent(secret),
    hex: bytes.toString('hex'),
    // Without what its neighbours have a part in.
    base64: bytes.toString('base64').slice(0, -4),
  };
  return [...outputs].flatMap(([where, text]) => {
    const dense = text.replaceAll(/\s|\\n/g, '');
    return Object.entries(forms)
      .filter(([, form]) => text.includes(form) || dense.includes(form.replaceAll(/\s/g, '')))
      .map(([name]) => `${JSON.stringify(secret)} as ${name} in ${where}`);
  });
}
