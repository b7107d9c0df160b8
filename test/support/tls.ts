import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its key, as PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** An authority that lives as long as the tests, and whom it vouches for. */
export interface Authority {
  /** Its own certificate, as PEM. */
  readonly ca: string;
  /** A server on 127.0.0.1, ::1 and localhost. */
  readonly server: Identity;
  /** A server on another host. */
  readonly elsewhere: Identity;
  readonly client: Identity;
  /** A server on 127.0.0.1, ::1 and localhost that shows the same certificate as a client. */
  readonly both: Identity;
}

let made: Authority | undefined;

/** Made with openssl, once a process. */
export function authority(): Authority {
  made ??= make();
  return made;
}

function make(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'micro-tls-'));
  const run = (...args: readonly string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const issue = (name: string, alternatives: string, use: string): Identity => {
    run('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${alternatives}\nextendedKeyUsage=${use}\n`);
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2'];
    run('x509', '-req', '-in', `${name}.csr`, ...signer, '-extfile', `${name}.ext`, '-out', `${name}.pem`);
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) };
  };
  try {
    run('req', '-x509', ...newKey, '-subj', '/CN=throwaway', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2');
    return {
      ca: read('ca.pem'),
      server: issue('server', 'DNS:localhost,IP:127.0.0.1,IP:::1', 'serverAuth'),
      both: issue('both', 'DNS:localhost,IP:127.0.0.1,IP:::1', 'serverAuth,clientAuth'),
      elsewhere: issue('elsewhere', 'DNS:elsewhere.invalid', 'serverAuth'),
      client: issue('client', 'DNS:client.invalid', 'clientAuth'),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
