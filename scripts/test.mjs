// The whole suite. First brings what the tests need (outside), then runs them in a network namespace that has only a loopback
// interface, because Go's mDNS sends on every interface it finds. What can't be had is named, its suites are skipped; under CI=true
// that is a failure.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const ci = process.env.CI === 'true';
const args = process.argv.slice(2);
const missing = [];

/** What is no command of its own, and how it is found. */
const probes = { slixmpp: ['/usr/bin/python3', ['-c', 'import slixmpp']] };
const has = (command) => {
  const [program, args] = probes[command] ?? ['sh', ['-c', `command -v ${command}`]];
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
};
const run = (command, commandArgs, options = {}) =>
  spawnSync(command, commandArgs, { cwd: root, stdio: 'inherit', ...options }).status === 0;

/** Debian packages for commands that are not there, when we may install them. */
function bring(packages) {
  const wanted = Object.entries(packages).filter(([command]) => !has(command));
  if (wanted.length === 0) return;
  const names = wanted.map(([, name]) => name);
  const may = process.getuid?.() === 0 && has('apt-get');
  if (may) {
    console.log(`installing for the tests: ${names.join(' ')}`);
    // The servers among them must not start by themselves: in this runlevel Debian starts none.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    run('apt-get', ['update', '-qq'], { env, stdio: 'ignore' });
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env, stdio: 'ignore' });
  }
  for (const [command, name] of wanted) if (!has(command)) missing.push(`${command} (Debian package ${name})`);
}

/** How to enter a namespace here, or undefined. */
function namespace() {
  const inside = 'ip link set lo up && ip route add 224.0.0.0/4 dev lo src 127.0.0.1';
  for (const unshare of [
    ['unshare', '-n'],
    ['unshare', '-rn'],
  ]) {
    if (spawnSync(unshare[0], [...unshare.slice(1), 'sh', '-c', inside], { stdio: 'ignore' }).status === 0) {
      return { command: unshare[0], args: [...unshare.slice(1), 'sh', '-c', `${inside} && exec "$@"`, 'sh'] };
    }
  }
  missing.push('a network namespace (unshare -n, or user namespaces)');
  return undefined;
}

if (!run(process.execPath, ['scripts/build.mjs'])) process.exit(1);
bring({
  etcd: 'etcd-server',
  etcdctl: 'etcd-client',
  go: 'golang-go',
  ip: 'iproute2',
  mosquitto: 'mosquitto',
  'nats-server': 'nats-server',
  ejabberdctl: 'ejabberd',
  'go-sendxmpp': 'go-sendxmpp',
  prosody: 'prosody',
  openssl: 'openssl',
  'rabbitmq-server': 'rabbitmq-server',
  'redis-server': 'redis-server',
  slixmpp: 'python3-slixmpp',
  unshare: 'util-linux',
});
if (has('go') && !run(process.execPath, ['scripts/go-peers.mjs'])) missing.push('the Go peers (they did not build)');
if (has('go') && !run(process.execPath, ['scripts/consul.mjs'])) missing.push('the Consul agent (it did not build)');

const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...args];
const room = namespace();
const env = {
  ...process.env,
  MICRO_TEST_MISSING: missing.join('; '),
  ...(room === undefined ? {} : { MICRO_TEST_NETNS: '1' }),
};
for (const thing of missing) console.log(`missing, its suites are ${ci ? 'failures' : 'skipped'}: ${thing}`);
const [command, commandArgs] =
  room === undefined ? [process.execPath, vitest] : [room.command, [...room.args, process.execPath, ...vitest]];
const { status } = spawnSync(command, commandArgs, { cwd: root, stdio: 'inherit', env });
process.exit(ci && missing.length > 0 ? 1 : (status ?? 1));
