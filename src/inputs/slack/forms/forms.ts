import { randomUUID } from 'node:crypto';
import { orAborted } from '../../../async/aborted.ts';
import { deadline } from '../../../async/deadline.ts';
import type { Log } from '../../../log/log.ts';
import type { Form } from '../../input.ts';
import type { Api } from '../api.ts';
import type { Fields } from '../fields.ts';
import type { Incoming } from '../incoming.ts';
import type { ClosedForm, FilledForm } from '../read/filled.ts';
import { shownLine } from '../render/shown.ts';
import { valueIn } from './values.ts';
import { askView, fieldId } from './view.ts';

/** Forms that ask people for what they left out. What they are about stays here: Slack is told an id. */
export interface Forms {
  /** How a form is shown to whoever said this; undefined where Slack lets none be opened. Within three seconds, and once. */
  asking(incoming: Incoming): ((form: Form) => Promise<boolean>) | undefined;
  /** What came of a form that was sent. */
  filled(form: FilledForm): Filled;
  /** What is said to who left a form; undefined where there is nothing to say. */
  closed(form: ClosedForm): Left | undefined;
}

export type Filled =
  /** It runs. Once: a copy is only acknowledged. */
  | { readonly kind: 'said'; readonly incoming: Incoming }
  /** What Slack shall show in the form, which stays open. */
  | { readonly kind: 'wrong'; readonly response: Fields }
  | { readonly kind: 'nothing' };

export interface Left {
  readonly incoming: Incoming;
  readonly form: Form;
}

export interface FormsOptions {
  readonly api: (team: string) => Api;
  /** Nothing is shown any more. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

interface Open extends Left {
  /** Milliseconds of the monotonic clock. */
  readonly until: number;
  isSent: boolean;
}

/** Slack opens a form within three seconds; its answer takes a moment. */
const triggerMs = 2_500;
/** The oldest are forgotten. */
const most = 1_000;
const tooOld = 'This form is too old: nothing was run. Close it and say the command again.';
/** How long a form may stand open: what it is answered by is good for half an hour. */
const openMs = 600_000;
const longestComplaint = 300;

export function createForms({ api, signal, log }: FormsOptions): Forms {
  const open = new Map<string, Open>();

  const keep = (id: string, left: Left): void => {
    open.set(id, { ...left, until: performance.now() + openMs, isSent: false });
    const [oldest] = open.keys();
    if (open.size > most && oldest !== undefined) open.delete(oldest);
  };

  const find = ({ id, team, user }: ClosedForm): Open | undefined => {
    const found = open.get(id);
    if (found === undefined || performance.now() > found.until) {
      open.delete(id);
      return undefined;
    }
    // Only who was asked has it before them.
    return found.incoming.user === user && found.incoming.team === team ? found : undefined;
  };

  return {
    asking(incoming) {
      const { trigger, team } = incoming;
      if (trigger === undefined) return undefined;
      const heardAt = performance.now();
      return async (form) => {
        const leftMs = heardAt + triggerMs - performance.now();
        const id = randomUUID();
        const view = askView(form, id);
        if (view === undefined || leftMs <= 0) return false;
        using limit = deadline(signal, leftMs);
        // It may come back before Slack says that it is open.
        keep(id, { incoming, form });
        try {
          await orAborted(api(team).call('views.open', { trigger_id: trigger, view }, limit.signal), limit.signal);
          return true;
        } catch (error) {
          open.delete(id);
          log.info('a form could not be opened in Slack: what is missing is asked for in words', { team, error });
          return false;
        }
      };
    },
    filled(sent) {
      const found = find(sent);
      if (found === undefined) return wrong([[fieldId(0), tooOld]]);
      if (found.isSent) return { kind: 'nothing' };
      const { form, incoming } = found;
      const values = form.fields.map((field, index) => valueIn(sent.values, field, index));
      const complaints = form.fields.flatMap((field, index) => {
        const value = values[index];
        const complaint = value === undefined ? `${field.name} is missing` : field.complaint(value);
        return complaint === undefined ? [] : [[fieldId(index), complaint] as const];
      });
      if (complaints.length > 0) return wrong(complaints);
      found.isSent = true;
      return {
        kind: 'said',
        incoming: {
          ...incoming,
          keys: [`form:${sent.id}`],
          text: form.complete(values.map((value) => value ?? '')),
          // What opened it was used.
          trigger: undefined,
        },
      };
    },
    closed(form) {
      const found = find(form);
      if (found === undefined || found.isSent) return undefined;
      open.delete(form.id);
      return found;
    },
  };
}

const wrong = (complaints: readonly (readonly [block: string, complaint: string])[]): Filled => ({
  kind: 'wrong',
  response: {
    response_action: 'errors',
    errors: Object.fromEntries(
      complaints.map(([block, complaint]) => [block, shownLine(complaint).slice(0, longestComplaint)]),
    ),
  },
});
