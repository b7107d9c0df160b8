import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, programOf } from '../daemon.ts';
import { until } from '../until.ts';
import { type House, openHouse } from './house.ts';
import type { ServerOptions, XmppServer } from './server.ts';

/** Why no ejabberd can be started, if so. Debian's package has that name too. */
export const missingEjabberd = (): string | undefined =>
  libraries() === undefined || programOf('erl') === undefined ? 'ejabberd is not installed' : undefined;

/** Where Erlang finds it: its own script says so. */
function libraries(): string | undefined {
  const script = programOf('ejabberdctl');
  if (script === undefined) return undefined;
  try {
    return /^ERL_LIBS='?([^'\n]+)'?$/m.exec(readFileSync(script, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/** With one processor it starts sooner. It spins for nothing and starts no supervisors of the machine, which would outlive it. */
const gently =
  '+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none -os_mon start_memsup false start_cpu_sup false start_disksup false'.split(
    ' ',
  );

/** Takes some two seconds. Its Erlang node has no name, so any number of them get on with each other and none needs a port mapper. */
export async function startEjabberd(options: ServerOptions = {}): Promise<XmppServer> {
  const apiPort = await freePort();
  return openHouse(
    {
      kind: 'ejabberd',
      prepare(house) {
        const { folder } = house;
        const file = join(folder, 'ejabberd.yml');
        // JSON is YAML.
        writeFileSync(file, JSON.stringify(settings(house, apiPort)));
        mkdirSync(join(folder, 'data'));
        // It speaks English alone: to read all its languages takes a third of the start.
        mkdirSync(join(folder, 'languages'));
        return {
          command: programOf('erl') ?? 'erl',
          args: [...gently, '-noinput', '-mnesia', 'dir', JSON.stringify(join(folder, 'data')), '-s', 'ejabberd'],
          env: {
            HOME: folder,
            EJABBERD_CONFIG_PATH: file,
            EJABBERD_MSGS_PATH: join(folder, 'languages'),
            EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
            ERL_LIBS: libraries() ?? '',
            ERL_CRASH_DUMP_BYTES: '0',
          },
        };
      },
      addUser: ({ domain }, user, password) => register(apiPort, { user, host: domain, password }),
    },
    options,
  );
}

/** Also changes the password of somebody who is known. */
async function register(apiPort: number, account: { user: string; host: string; password: string }): Promise<void> {
  const call = async (command: string, body: object): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${apiPort}/api/${command}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
  const { user, host, password } = account;
  // It may take streams a moment before it takes commands.
  await until(async () => {
    if ((await call('register', account)) === 200) return true;
    return (await call('change_password', { user, host, newpass: password })) === 200;
  });
}

function settings(house: House, apiPort: number): object {
  const { domain, conference, upload, folder, options } = house;
  const { passwords = 'plain', tls = true, managed = true, cleartext = !tls, modules = [] } = options;
  const here = { ip: '127.0.0.1', module: 'ejabberd_c2s', max_stanza_size: options.maxStanzaBytes ?? 262_144 };
  const https = { port: house.httpPort, ip: '127.0.0.1', module: 'ejabberd_http', tls: true };
  const certfile = join(folder, 'both.pem');
  writeFileSync(certfile, readFileSync(house.key, 'utf8') + readFileSync(house.cert, 'utf8'));
  return {
    hosts: [domain],
    loglevel: 'info',
    ...(tls ? { certfiles: [certfile] } : {}),
    auth_password_format: passwords === 'plain' ? 'plain' : 'scram',
    ...(passwords === 'SCRAM-SHA-256' ? { auth_scram_hash: 'sha256' } : {}),
    disable_sasl_mechanisms: ['X-OAUTH2', ...(options.withoutMechanisms ?? [])],
    s2s_access: 'none',
    listen: [
      { ...here, port: house.port, ...(tls ? { [cleartext ? 'starttls' : 'starttls_required']: true } : {}) },
      ...(tls ? [{ ...here, port: house.tlsPort, tls: true }] : []),
      { port: apiPort, ip: '127.0.0.1', module: 'ejabberd_http', request_handlers: { '/api': 'mod_http_api' } },
      ...(options.upload === true ? [{ ...https, request_handlers: { '/upload': 'mod_http_upload' } }] : []),
    ],
    acl: { admin: { user: [`admin@${domain}`] } },
    access_rules: { admin: { allow: 'admin' } },
    api_permissions: { tests: { from: ['mod_http_api'], who: { ip: '127.0.0.1/32' }, what: '*' } },
    modules: {
      mod_roster: {},
      mod_ping: {},
      mod_disco: {},
      mod_carboncopy: {},
      mod_vcard: {},
      mod_privacy: {},
      mod_blocking: {},
      mod_offline: {},
      mod_time: {},
      mod_version: {},
      mod_admin_extra: {},
      mod_muc: { hosts: [conference], access_admin: 'admin', history_size: 20 },
      ...(managed ? { mod_stream_mgmt: { resume_timeout: options.resumeSeconds ?? 300 } } : {}),
      ...(options.legacyAuth === true ? { mod_legacy_auth: {} } : {}),
      ...(options.upload === true
        ? {
            mod_http_upload: {
              hosts: [upload],
              access: 'all',
              docroot: join(folder, 'uploads'),
              put_url: `https://127.0.0.1:${house.httpPort}/upload`,
            },
          }
        : {}),
      ...Object.fromEntries(modules.map((name) => [name, {}])),
    },
  };
}
