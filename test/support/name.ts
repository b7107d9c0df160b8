import { randomBytes } from 'node:crypto';

/** A name no other test uses: suites share one multicast group and may run side by side. */
export const unique = (prefix: string): string => `${prefix}-${randomBytes(4).toString('hex')}`;
