import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './server.ts';

/** A certificate, its key and who vouches for it, as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
  /** Of the authority that clients trust, which vouches for all but a stranger's. */
  readonly ca: string;
}

const made = new Map<string, Issued>();

/** A certificate for these names and 127.0.0.1, made with openssl once a process. */
export function issue(names: readonly string[], certificate: Certificate): Issued {
  const key = JSON.stringify([names, certificate]);
  const issued = made.get(key) ?? make(certificate === 'elsewhere' ? ['elsewhere.invalid'] : names, certificate);
  made.set(key, issued);
  return issued;
}

interface Authority {
  readonly cert: string;
  readonly key: string;
}

let trusted: Authority | undefined;

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function openssl(folder: string, args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

function found(name: string): Authority {
  return inFolder((folder, read) => {
    openssl(folder, ['req', '-x509', ...newKey, '-subj', `/CN=${name}`, '-keyout', 'k', '-out', 'c', '-days', '2']);
    return { cert: read('c'), key: read('k') };
  });
}

function make(names: readonly string[], certificate: Certificate): Issued {
  trusted ??= found('throwaway');
  const ca = trusted.cert;
  const authority = certificate === 'stranger' ? found('stranger') : trusted;
  return inFolder((folder, read) => {
    const alternatives = [...names.map((name) => `DNS:${name}`), ...(certificate === 'elsewhere' ? [] : here)].join();
    writeFileSync(join(folder, 'x'), `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth\n`);
    writeFileSync(join(folder, 'ca'), authority.cert);
    writeFileSync(join(folder, 'ca.key'), authority.key);
    openssl(folder, ['req', ...newKey, '-subj', `/CN=${names[0]}`, '-keyout', 'k', '-out', 'r']);
    const signer = [
      '-CA',
      'ca',
      '-CAkey',
      'ca.key',
      '-CAcreateserial',
      '-days',
      certificate === 'expired' ? '-1' : '2',
    ];
    openssl(folder, ['x509', '-req', '-in', 'r', ...signer, '-extfile', 'x', '-out', 'c']);
    return { cert: read('c'), key: read('k'), ca };
  });
}

const here = ['DNS:localhost', 'IP:127.0.0.1'];

function inFolder<T>(work: (folder: string, read: (name: string) => string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'micro-xmpp-tls-'));
  try {
    return work(folder, (name) => readFileSync(join(folder, name), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
