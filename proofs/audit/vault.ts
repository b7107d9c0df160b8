import { setTimeout as wait } from 'node:timers/promises';
import { shape } from '../../src/runtime/schema.ts';
import { type Handler, unary } from '../../src/runtime/server/server.ts';
import { badRequest } from '../../src/runtime/errors.ts';

interface Put {
  readonly name: string;
  readonly key: string;
}

const request = shape('Put', { name: 'string', count: 'int64', key: 'string' });
const parameters = JSON.stringify({ name: { required: true }, key: { positional: false, secret: true } });

/** What a careless service does with what it was told: it says it again, in every way there is. */
const careless = ({ key }: Put): object => ({
  key,
  token: key,
  said: `the key is ${key}`,
  json: JSON.stringify({ inner: JSON.stringify({ key }) }),
  url: `https://vault.example/?key=${encodeURIComponent(key)}`,
  base64: Buffer.from(key).toString('base64'),
  hex: Buffer.from(key).toString('hex'),
  html: key.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'),
  lines: key.split('').join('\n'),
  [key]: 'as a name',
});

const work = async (put: Put): Promise<object> => {
  switch (put.name) {
    case 'fails':
      throw badRequest('vault', `cannot keep ${put.key}: ${JSON.stringify(put)}`);
    case 'crashes':
      throw new Error(`cannot keep ${put.key}`, { cause: new Error(put.key) });
    case 'hangs':
      await wait(2_000);
      return careless(put);
    default:
      return careless(put);
  }
};

const endpoint = (metadata: Readonly<Record<string, string>>): ReturnType<typeof unary> =>
  unary(work, {
    request,
    metadata: { description: 'Keeps a key', parameters, secret: 'token', timeout: '300ms', ...metadata },
  });

export const vault: Handler = {
  name: 'Vault',
  methods: {
    Put: endpoint({ command: 'put' }),
    PutAsked: endpoint({ command: 'put asked', confirm: 'true' }),
    PutAgreed: endpoint({ command: 'put agreed', scopes: 'keeper', approvals: '1' }),
    PutRefused: endpoint({ command: 'put refused', scopes: 'nobody' }),
  },
};
