import { spawnSync } from 'node:child_process';

const INSIDE = 'ip link set lo up && ip route add 224.0.0.0/4 dev lo src 127.0.0.1';

/**
 * The same command in a network of its own that has nothing but loopback: what multicasts there reaches nobody else. Throws where
 * such a network cannot be made.
 */
export function alone(command, args) {
  const ways = [['-n'], ['-rn']];
  const flags = ways.find(
    (way) => spawnSync('unshare', [...way, 'sh', '-c', INSIDE], { stdio: 'ignore' }).status === 0,
  );
  if (flags === undefined) throw new Error('a network namespace cannot be made (unshare and ip)');
  return ['unshare', [...flags, 'sh', '-c', `${INSIDE} && exec "$@"`, 'sh', command, ...args]];
}
