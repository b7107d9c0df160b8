import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programOf } from '../daemon.ts';
import { type House, openHouse } from './house.ts';
import type { ServerOptions, XmppServer } from './server.ts';

const command = 'prosody';

/** Why no Prosody can be started, if so. Debian's package has the command's name. */
export const missingProsody = (): string | undefined =>
  programOf(command) === undefined ? `${command} is not installed` : undefined;

/** Takes less than a second. */
export function startProsody(options: ServerOptions = {}): Promise<XmppServer> {
  return openHouse(
    {
      kind: 'prosody',
      prepare(house) {
        const file = join(house.folder, 'prosody.cfg.lua');
        writeFileSync(file, settings(house));
        mkdirSync(accounts(house), { recursive: true });
        return { command: programOf(command) ?? command, args: ['-F', '--config', file] };
      },
      addUser(house, name, password) {
        // It reads the file at each login, and puts a hash in the password's place where it keeps hashes.
        writeFileSync(join(accounts(house), `${encoded(name)}.dat`), `return { password = ${quoted(password)} };\n`);
        return Promise.resolve();
      },
    },
    options,
  );
}

const accounts = ({ folder, domain }: House): string => join(folder, 'data', encoded(domain), 'accounts');

/** As Prosody names files. */
const encoded = (name: string): string =>
  [...Buffer.from(name)]
    .map((byte) => String.fromCharCode(byte))
    .map((letter) => (/[A-Za-z0-9]/.test(letter) ? letter : `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`))
    .join('');

/** A string of Lua's. */
const quoted = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;

const list = (items: readonly string[]): string => `{ ${items.map(quoted).join(', ')} }`;

function settings(house: House): string {
  const { folder, domain, conference, upload, options } = house;
  const { passwords = 'plain', tls = true, managed = true, cleartext = !tls, legacyAuth = false } = options;
  const modules = [
    'roster',
    'saslauth',
    'disco',
    'ping',
    'register',
    'carbons',
    'time',
    'version',
    'pep',
    'vcard_legacy',
    'blocklist',
    ...(tls ? ['tls'] : []),
    ...(managed ? ['smacks'] : []),
    ...(legacyAuth ? ['legacyauth'] : []),
    ...(options.modules ?? []),
  ];
  const lines = [
    `run_as_root = ${process.getuid?.() === 0}`,
    `pidfile = ${quoted(join(folder, 'prosody.pid'))}`,
    `data_path = ${quoted(join(folder, 'data'))}`,
    'interfaces = { "127.0.0.1" }',
    `c2s_ports = { ${house.port} }`,
    `c2s_direct_tls_ports = { ${tls ? house.tlsPort : ''} }`,
    's2s_ports = {}',
    'http_ports = {}',
    `http_default_host = ${quoted(upload)}`,
    `https_ports = { ${options.upload === true ? house.httpPort : ''} }`,
    `modules_enabled = ${list(modules)}`,
    'modules_disabled = { "s2s" }',
    `c2s_require_encryption = ${!cleartext}`,
    `allow_unencrypted_plain_auth = ${cleartext}`,
    `disable_sasl_mechanisms = ${list(options.withoutMechanisms ?? [])}`,
    `authentication = "${passwords === 'plain' ? 'internal_plain' : 'internal_hashed'}"`,
    ...(passwords === 'plain' ? [] : [`password_hash = "${passwords.slice('SCRAM-'.length)}"`]),
    `c2s_stanza_size_limit = ${options.maxStanzaBytes ?? 262_144}`,
    `smacks_hibernation_time = ${options.resumeSeconds ?? 300}`,
    'log = { info = "*stdout" }',
    `ssl = { key = ${quoted(house.key)}; certificate = ${quoted(house.cert)} }`,
    `https_ssl = { key = ${quoted(house.key)}; certificate = ${quoted(house.cert)} }`,
    `admins = { "admin@${domain}" }`,
    `VirtualHost "${domain}"`,
    `Component "${conference}" "muc"`,
    `muc_room_locking = ${options.lockedRooms === true}`,
    'muc_room_default_public = true',
    ...(options.upload === true
      ? [`Component "${upload}" "http_file_share"`, `http_external_url = "https://127.0.0.1:${house.httpPort}/"`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}
