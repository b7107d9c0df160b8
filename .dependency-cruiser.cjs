// Who may import whom (docs/architecture.md). A room lists what it may use; everything else of ours is forbidden to it.
const rooms = {
  async: [],
  log: [],
  document: [],
  nats: [],
  discovery: ['async', 'log', 'nats', 'document/json-(scan|error)\\.ts'],
  runtime: ['async', 'log', 'nats', 'discovery/registry\\.ts', 'discovery/cached\\.ts', 'document/json-scan\\.ts'],
  commands: [
    'async',
    'log',
    'document',
    'discovery/registry\\.ts',
    'discovery/directory\\.ts',
    'discovery/record\\.ts',
    'runtime/client/client\\.ts',
    'runtime/errors\\.ts',
    'runtime/duration\\.ts',
  ],
  bot: ['async', 'log', 'document', 'inputs/input\\.ts', 'commands/(command|set|suggest)\\.ts'],
  config: ['runtime/duration\\.ts'],
  drivers: ['log', 'config', 'discovery', 'runtime', 'commands', 'inputs'],
  cli: [
    'async',
    'log',
    'document',
    'config',
    'commands',
    'discovery/registry\\.ts',
    'runtime/client/client\\.ts',
    'runtime/errors\\.ts',
  ],
};

const only = (name, from, allowed) => ({
  name: `${name} stays in its walls`,
  severity: 'error',
  from: { path: from },
  to: {
    path: '^(src|test|examples|proofs)/',
    pathNot: [from, ...allowed.map((room) => `^src/${room}${room.endsWith('.ts') ? '$' : '/'}`)],
  },
});

module.exports = {
  forbidden: [
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'drivers are chosen by main alone',
      severity: 'error',
      from: { pathNot: '^(src/(drivers/|main\\.ts$)|test/)' },
      to: { path: '^src/drivers/' },
    },
    { name: 'main is imported by nobody', severity: 'error', from: {}, to: { path: '^src/main' } },
    {
      name: 'only what package.json names',
      severity: 'error',
      from: { path: '^src' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    ...Object.entries(rooms).map(([room, allowed]) => only(room, `^src/${room}/`, allowed)),
    // Each input knows the port and itself, no other input.
    {
      name: 'inputs do not know each other',
      severity: 'error',
      from: { path: '^src/inputs/([^/]+)/', pathNot: '^src/inputs/hipchat/' },
      to: { path: '^src/', pathNot: ['^src/inputs/$1/', '^src/inputs/input\\.ts$', '^src/(async|log|document)/'] },
    },
    // HipChat is a dialect of XMPP.
    {
      name: 'hipchat knows xmpp alone',
      severity: 'error',
      from: { path: '^src/inputs/hipchat/' },
      to: { path: '^src/', pathNot: '^src/(inputs/(hipchat/|xmpp/|input\\.ts$)|async/|log/|document/)' },
    },
    {
      name: 'the input port is a leaf',
      severity: 'error',
      from: { path: '^src/inputs/input\\.ts$' },
      to: { path: '^src/', pathNot: '^src/document/' },
    },
    // Each driver's package is used in one room.
    {
      name: 'multicast-dns lives in one room',
      severity: 'error',
      from: { pathNot: '^src/discovery/mdns/' },
      to: { path: 'node_modules/multicast-dns/' },
    },
    {
      name: 'etcd3 lives in one room',
      severity: 'error',
      from: { pathNot: '^(src/discovery/etcd/|test/|node_modules/)' },
      to: { path: 'node_modules/etcd3/' },
    },
    {
      name: 'HTTP/2 is our own',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(node:)?http2$' },
    },
    {
      name: 'protobufjs lives in one room',
      severity: 'error',
      from: { pathNot: '^(src/runtime/codec/|test/)' },
      to: { path: 'node_modules/protobufjs/' },
    },
    ...[
      ['@nats-io/', 'src/(nats|discovery/nats|runtime/(transport|broker)/nats)/'],
      ['@grpc/grpc-js/', 'src/discovery/etcd/'],
      ['amqplib/', 'src/runtime/broker/rabbitmq/'],
      ['mqtt/', 'src/runtime/broker/mqtt/'],
      ['redis/', 'src/runtime/broker/redis/'],
      ['undici/', 'src/(runtime/broker/http|discovery/(consul|kubernetes))/'],
      ['@slack/', 'src/inputs/slack/'],
      ['@xmpp/', '(src/inputs/(xmpp|hipchat)|proofs/xmpp)/'],
      ['ws/', 'src/(runtime/transport/websocket|inputs/slack/socket)/'],
      ['bson/', 'src/runtime/codec/bson/'],
      ['@msgpack/', 'src/runtime/codec/msgpack/'],
    ].map(([name, room]) => ({
      name: `${name} lives in one room`,
      severity: 'error',
      from: { pathNot: `^(${room}|test/|proofs/|node_modules/)` },
      to: { path: `node_modules/${name}` },
    })),
    {
      name: 'pino lives in one room',
      severity: 'error',
      from: { pathNot: '^src/log/' },
      to: { path: 'node_modules/pino' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '^dist'] },
    // Programs of other people's bots, with a package of their own.
    exclude: { path: '^proofs/slack/peers/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
