import { open } from 'node:fs/promises';

/** A file with the one refresh token that is good, which nobody else may read. Open, it is sure that it can be written. */
export interface TokenFile extends AsyncDisposable {
  readonly token: string;
  /** Throws an `Error` for an operator when it can't. */
  replace(token: string): Promise<void>;
}

/** Throws an `Error` for an operator, which does not quote the file. */
export async function openTokenFile(path: string): Promise<TokenFile> {
  const cannot = (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(`${path} has to be a file that can be read and written: ${code}`, { cause: error });
  };
  // Written in its place: a file that is mounted on its own cannot be replaced by another.
  const file = await open(path, 'r+').catch(cannot);
  try {
    await file.chmod(0o600).catch(cannot);
    const token = (await file.readFile('utf8').catch(cannot)).trim();
    if (!/^xoxe-[\w.-]+$/.test(token)) {
      throw new Error(`${path} holds no refresh token of an app configuration token (xoxe-…, not xoxe.xoxp-…)`);
    }
    return {
      token,
      async replace(next) {
        const line = Buffer.from(`${next}\n`);
        await file.write(line, 0, line.length, 0).catch(cannot);
        await file.truncate(line.length).catch(cannot);
        await file.sync().catch(cannot);
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
