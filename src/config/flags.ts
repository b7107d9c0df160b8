import type { Flag } from './flag.ts';
import { controlFlags } from './control.ts';
import { registryFlags } from './registry.ts';
import { slackFlags } from './slack.ts';
import { transportFlags } from './transport.ts';
import { hipchatFlags } from './hipchat.ts';
import { xmppFlags } from './xmpp.ts';

/** What every command of `micro` understands. */
export const globalFlags: readonly Flag[] = [
  {
    name: 'client',
    kind: 'string',
    env: 'MICRO_CLIENT',
    default: 'mucp',
    usage: 'How addresses are spoken to that are given: nodes of the registry say it themselves. mucp, grpc',
  },
  {
    name: 'client_request_timeout',
    kind: 'duration',
    env: 'MICRO_CLIENT_REQUEST_TIMEOUT',
    default: '5s',
    usage: 'Time limit of a call, all its attempts together. 500ms, 5s, 1m',
  },
  {
    name: 'client_retries',
    kind: 'integer',
    env: 'MICRO_CLIENT_RETRIES',
    default: '1',
    usage: 'Further attempts after a call failed',
  },
  {
    name: 'client_pool_size',
    kind: 'integer',
    env: 'MICRO_CLIENT_POOL_SIZE',
    default: '100',
    usage: 'Idle connections kept for an address',
  },
  {
    name: 'client_pool_ttl',
    kind: 'duration',
    env: 'MICRO_CLIENT_POOL_TTL',
    default: '1m',
    usage: 'How long a connection is used',
  },
  {
    name: 'codec',
    kind: 'string',
    env: 'MICRO_CODEC',
    default: 'json',
    usage:
      'How requests and events are written. json, json-rpc, protobuf, proto-rpc, octet-stream, grpc, grpc+json, grpc+proto, bson, msgpack',
  },
  { name: 'register_ttl', kind: 'integer', env: 'MICRO_REGISTER_TTL', default: '60', usage: 'Register TTL in seconds' },
  {
    name: 'register_interval',
    kind: 'integer',
    env: 'MICRO_REGISTER_INTERVAL',
    default: '30',
    usage: 'Register interval in seconds',
  },
  {
    name: 'server',
    kind: 'string',
    env: 'MICRO_SERVER',
    default: 'mucp',
    usage: 'What the server speaks. mucp, grpc',
  },
  {
    name: 'server_name',
    kind: 'string',
    env: 'MICRO_SERVER_NAME',
    usage: 'Name of the server. go.micro.bot for the bot',
  },
  { name: 'server_version', kind: 'string', env: 'MICRO_SERVER_VERSION', usage: 'Version of the server' },
  { name: 'server_id', kind: 'string', env: 'MICRO_SERVER_ID', usage: 'Id of the server' },
  {
    name: 'server_address',
    kind: 'string',
    env: 'MICRO_SERVER_ADDRESS',
    default: ':0',
    usage: 'Bind address of the server',
  },
  {
    name: 'server_advertise',
    kind: 'string',
    env: 'MICRO_SERVER_ADVERTISE',
    usage: 'Address others reach the server at, when it is not the one it binds',
  },
  { name: 'server_metadata', kind: 'list', env: 'MICRO_SERVER_METADATA', usage: 'Metadata of the server, key=value' },
  ...registryFlags,
  {
    name: 'selector',
    kind: 'string',
    env: 'MICRO_SELECTOR',
    default: 'default',
    usage: 'How a node is chosen. default, cache, random, roundrobin, static, dns',
  },
  ...transportFlags,
  {
    name: 'broker',
    kind: 'string',
    env: 'MICRO_BROKER',
    default: 'http',
    usage: 'Broker of events. http, memory, nats, redis, mqtt, rabbitmq',
  },
  {
    name: 'broker_address',
    kind: 'string',
    env: 'MICRO_BROKER_ADDRESS',
    usage: 'Addresses of the broker, separated by commas; for http where to listen',
  },
  {
    name: 'log_level',
    kind: 'string',
    env: 'MICRO_LOG_LEVEL',
    usage: 'Least level that is logged. trace, debug, info, warn, error',
  },
  {
    name: 'log_format',
    kind: 'string',
    env: 'MICRO_LOG_FORMAT',
    default: 'auto',
    usage: 'Form of log lines. json, pretty, auto',
  },
];

/** What `micro bot` understands besides. */
export const botFlags: readonly Flag[] = [
  {
    name: 'inputs',
    kind: 'string',
    env: 'MICRO_BOT_INPUTS',
    usage: 'Inputs to listen on, separated by commas. console, slack, xmpp, hipchat',
  },
  {
    name: 'namespace',
    kind: 'string',
    env: 'MICRO_BOT_NAMESPACE',
    default: 'go.micro.bot',
    usage: 'Namespace of the services that are commands',
  },
  {
    name: 'console_history',
    kind: 'string',
    env: 'MICRO_CONSOLE_HISTORY',
    usage: 'File that keeps what is typed on the console for the next time',
  },
  ...controlFlags,
  ...slackFlags,
  ...xmppFlags,
  ...hipchatFlags,
];

export const helpFlag: Flag = { name: 'help', alias: 'h', kind: 'boolean', usage: 'show help' };
export const versionFlag: Flag = { name: 'version', alias: 'v', kind: 'boolean', usage: 'print the version' };
