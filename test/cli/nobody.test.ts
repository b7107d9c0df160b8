import { userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { osUserName } from '../../src/cli/user.ts';

it('a user that has a number only, as in a container, is called by it', () => {
  // To become a user without a name takes rights that a test run may not have.
  const nameless = (): never => {
    throw new Error('uv_os_get_passwd returned ENOENT (no such file or directory)');
  };
  expect(osUserName(nameless)).toBe(`uid-${process.getuid?.()}`);
  expect(osUserName()).toBe(userInfo().username);
});
