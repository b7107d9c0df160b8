import { checkKeys, checkString, checkText, type Note } from './block-checks.ts';
import { complaints } from './blocks.ts';
import { withIds } from './content.ts';
import { type Fields, isFields, objectOf, someText, textOf } from './fields.ts';
import { viewFields } from './interactions.ts';
import type { BotMethod, Method } from './method.ts';
import { Refusal, refusalWith } from './refusal.ts';
import { takeTrigger } from './response-url.ts';
import { newId, type ShownView, type Workspace, type World } from './world.ts';

const both = ['type', 'blocks', 'private_metadata', 'callback_id', 'external_id'];
const modal = [...both, 'title', 'close', 'submit', 'clear_on_close', 'notify_on_close', 'submit_disabled'];

/** Modals and the home tab. */
export const viewMethods: Readonly<Record<string, Method>> = {
  'views.open': opening(),
  'views.push': opening(),
  'views.update': {
    token: 'bot',
    required: ['view'],
    optional: ['view_id', 'external_id', 'hash'],
    run(args, at, world) {
      const view = viewOf(args, 'modal');
      const external = someText(args['external_id']);
      const old =
        external === undefined
          ? world.views.get(textOf(args['view_id']))
          : [...world.views.values()].find((shown) => shown.view['external_id'] === external);
      if (old === undefined || old.team !== at.team) throw new Refusal('not_found');
      const hash = someText(args['hash']);
      if (hash !== undefined && hash !== old.hash) throw new Refusal('hash_conflict');
      return shown(world, at, { ...old, hash: newHash(world), view });
    },
  },
  'views.publish': {
    token: 'bot',
    required: ['user_id', 'view'],
    optional: ['hash'],
    run(args, at, world) {
      const user = textOf(args['user_id']);
      if (!at.people.has(user))
        throw refusalWith('invalid_arguments', ['failed to match all allowed schemas [json-pointer:/user_id]']);
      const view = viewOf(args, 'home');
      const key = `${at.team}/${user}`;
      const old = world.homes.get(key);
      const hash = someText(args['hash']);
      if (hash !== undefined && hash !== old?.hash) throw new Refusal('hash_conflict');
      const made = { id: old?.id ?? newId('V'), team: at.team, user, hash: newHash(world), view };
      world.homes.set(key, made);
      return shown(world, at, made);
    },
  },
};

function opening(): BotMethod {
  return {
    token: 'bot',
    required: ['view', 'trigger_id'],
    optional: ['interactivity_pointer'],
    run(args, at, world) {
      const view = viewOf(args, 'modal');
      const user = takeTrigger(world, args['trigger_id']);
      return shown(world, at, { id: newId('V'), team: at.team, user, hash: newHash(world), view });
    },
  };
}

const newHash = (world: World): string => `${Math.floor(world.now() / 1000)}.${newId('h')}`;

function shown(world: World, at: Workspace, view: ShownView): Fields {
  world.views.set(view.id, view);
  return { view: viewFields(world, at, view) };
}

/** A view that Slack takes, its blocks with ids. Throws what Slack says otherwise. */
export function viewOf(args: Fields, kind: 'modal' | 'home'): Fields {
  const view = objectOf(args['view']);
  if (view === undefined) throw refusalWith('invalid_arguments', ['must provide an object [json-pointer:/view]']);
  const blocks = Array.isArray(view['blocks']) ? view['blocks'].filter(isFields) : undefined;
  const found: string[] = [];
  const note: Note = (path, message) => void found.push(`${message} [json-pointer:${path}]`);
  if (view['type'] !== kind) note('/view/type', `must be ${kind}`);
  if (blocks === undefined) note('/view', 'missing required field: blocks');
  found.push(...complaints(blocks ?? [], kind, '/view/blocks'));
  checkKeys(note, view, '/view', kind === 'modal' ? modal : both);
  checkString(note, view, 'private_metadata', '/view', { min: 0, max: 3_000 });
  checkString(note, view, 'callback_id', '/view', { min: 0, max: 255 });
  checkString(note, view, 'external_id', '/view', { min: 0, max: 255 });
  if (kind === 'modal') {
    checkText(note, view, 'title', '/view', { required: true, plain: true, max: 24 });
    checkText(note, view, 'close', '/view', { plain: true, max: 24 });
    const hasInput = (blocks ?? []).some((block) => block['type'] === 'input');
    checkText(note, view, 'submit', '/view', { plain: true, max: 24, required: hasInput });
  }
  if (found.length > 0) throw refusalWith('invalid_arguments', found);
  return { ...view, blocks: withIds(blocks ?? []) };
}

/** What the acknowledgement of a submission does to the view that was submitted. */
export function applyResponse(world: World, view: ShownView, payload: Fields | undefined): void {
  const next = objectOf(payload?.['view']);
  switch (payload?.['response_action']) {
    case undefined:
    case 'clear':
      world.views.delete(view.id);
      return;
    case 'update':
      world.views.set(view.id, { ...view, hash: newHash(world), view: viewOf({ view: next }, 'modal') });
      return;
    case 'push': {
      const id = newId('V');
      world.views.set(id, { ...view, id, hash: newHash(world), view: viewOf({ view: next }, 'modal') });
      return;
    }
    case 'errors':
      return;
    default:
      throw new Error(`no view can be answered with ${String(payload?.['response_action'])}`);
  }
}
