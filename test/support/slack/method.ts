import { type Fields, textOf } from './fields.ts';
import { Refusal, refusalWith } from './refusal.ts';
import type { Workspace, World } from './world.ts';

interface Arguments {
  readonly required?: readonly string[];
  readonly optional?: readonly string[];
}

/** A method that a workspace's bot token calls. */
export interface BotMethod extends Arguments {
  readonly token: 'bot';
  readonly scope?: string;
  run(args: Fields, at: Workspace, world: World): Fields;
}

/** A method that another token calls: the app's own, or one that configures apps. */
export interface OtherMethod extends Arguments {
  readonly token: 'app' | 'configuration' | 'none';
  run(args: Fields, world: World, token: string): Fields;
}

export type Method = BotMethod | OtherMethod;

/** Every method takes these. */
const common: readonly string[] = ['token', 'team_id', 'pretty'];

/** Throws what Slack says when an argument is missing, or is none of the method's. */
export function checkArguments(method: Method, args: Fields): void {
  const { required = [], optional = [] } = method;
  const missing = required.filter((name) => args[name] === undefined || args[name] === '');
  const unknown = Object.keys(args).filter((name) => ![...required, ...optional, ...common].includes(name));
  if (missing.length + unknown.length === 0) return;
  throw refusalWith('invalid_arguments', [
    ...missing.map((name) => `missing required field: ${name}`),
    ...unknown.map((name) => `unexpected argument: ${name}`),
  ]);
}

/**
 * The workspace whose bot this token is; where one token is for several, the one that is named or has the channel. Throws what Slack says
 * otherwise.
 */
export function authorize(world: World, method: BotMethod, token: string, args: Fields): Workspace {
  const all = [...world.workspaces.values()].filter((workspace) => workspace.token === token);
  const named = all.find(({ team }) => team === args['team_id']);
  const at = named ?? all.find(({ channels }) => channels.has(textOf(args['channel']))) ?? all[0];
  if (at === undefined) throw badToken(token);
  if (method.scope !== undefined) need(at, method.scope);
  return at;
}

/** Throws what Slack says when the bot lacks a scope. */
export function need(at: Workspace, scope: string): void {
  if (!at.scopes.has(scope)) throw new Refusal('missing_scope', { needed: scope, provided: [...at.scopes].join(',') });
}

const badToken = (token: string): Refusal => {
  if (token === '') return new Refusal('not_authed');
  return new Refusal(/^(xapp|xoxe)/.test(token) ? 'not_allowed_token_type' : 'invalid_auth');
};

/** Throws what Slack says when this is not the app's token. */
export function authorizeApp(world: World, token: string): void {
  if (token === world.appToken) return;
  if (token === '') throw new Refusal('not_authed');
  throw new Refusal(token.startsWith('xoxb-') ? 'not_allowed_token_type' : 'invalid_auth');
}

/** A bearer's token, or the argument of that name. */
export const tokenOf = (authorization: string | undefined, args: Fields): string =>
  /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? textOf(args['token']);
