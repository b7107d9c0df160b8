import type { ServiceRecord } from '../registry.ts';
import { same } from '../versions.ts';
import {
  type Advert,
  addressAnswer,
  host,
  instanceAnswers,
  listAnswers,
  newAdvert,
  nodeAnswers,
  typeAnswer,
} from './advert.ts';
import { type Names, sameName } from './names.ts';
import {
  type Answer,
  announcement,
  groupPort,
  type Outgoing,
  type Packet,
  type Peer,
  type Question,
  reply,
  shared,
} from './packet.ts';

/** The nodes this process tells the network of: it announces them, answers for them and says goodbye. */
export interface Board {
  /** True when there is nobody to tell of. */
  readonly empty: boolean;
  /** Throws `invalid` and changes nothing when one of the nodes cannot be told of. A node that is up unchanged is not announced again. */
  put(service: ServiceRecord): Promise<void>;
  take(service: ServiceRecord): Promise<void>;
  clear(): Promise<void>;
  /** Says what there is to say to a question. */
  answer(packet: Packet, from: Peer): Promise<void>;
}

export interface BoardOptions {
  readonly names: Names;
  /** Rejects when it cannot be sent. */
  readonly tell: (packet: Outgoing, to?: Peer) => Promise<void>;
  readonly onUnsent: (error: unknown) => void;
}

interface Posted {
  readonly advert: Advert;
  /** False when the network did not take the announcement: the next heartbeat tries again. */
  readonly announced: boolean;
  readonly timers: readonly NodeJS.Timeout[];
}

/** A new node is announced three times, as go-micro does: at once and then. */
const againMs = [1000, 3000] as const;
/** Nobody who means well asks for more in one packet. */
const maxQuestions = 16;

export function newBoard({ names, tell, onUnsent }: BoardOptions): Board {
  const posted = new Map<string, Posted>();

  const announce = (advert: Advert): Promise<boolean> =>
    tell(announcement(instanceAnswers(advert))).then(
      () => true,
      (error: unknown) => {
        onUnsent(error);
        return false;
      },
    );

  const post = async (advert: Advert): Promise<void> => {
    const before = posted.get(advert.instance);
    if (before?.announced === true && same(before.advert.record, advert.record)) return;
    before?.timers.forEach(clearTimeout);
    const timers = againMs.map((ms) => setTimeout(() => void announce(advert), ms).unref());
    posted.set(advert.instance, { advert, announced: true, timers });
    if (await announce(advert)) return;
    const now = posted.get(advert.instance);
    if (now?.advert === advert) posted.set(advert.instance, { ...now, announced: false });
  };

  const withdraw = async (instance: string): Promise<void> => {
    const before = posted.get(instance);
    if (before === undefined) return;
    before.timers.forEach(clearTimeout);
    posted.delete(instance);
    await tell(announcement(instanceAnswers(before.advert, 0))).catch(onUnsent);
  };

  const adverts = (): readonly Advert[] => [...posted.values()].map(({ advert }) => advert);
  const services = (): readonly string[] => [...new Set(adverts().map(({ record }) => record.name))];

  /** One list of answers for each message: Go reads one node out of a message. */
  const answersTo = ({ name, type }: Question): readonly (readonly Answer[])[] => {
    if (asks(type, 'PTR')) {
      if (sameName(name, names.list)) return services().map((service) => listAnswers(service, names));
      if (sameName(name, names.types)) return services().map((service) => [typeAnswer(service, names)]);
      const nodes = adverts().filter(({ record }) => sameName(name, names.service(record.name)));
      if (nodes.length > 0) return nodes.map((advert) => nodeAnswers(advert, names));
    }
    if (asks(type, 'SRV', 'A', 'AAAA', 'TXT')) {
      const node = adverts().find(({ instance }) => sameName(name, instance));
      if (node !== undefined) return [instanceAnswers(node)];
    }
    if (asks(type, 'A', 'AAAA') && sameName(name, host)) {
      const addresses = new Set(adverts().map(({ ip }) => ip));
      return [...addresses].map((ip) => [addressAnswer(ip)]).filter(([answer]) => asks(type, answer?.type ?? 'A'));
    }
    return [];
  };

  return {
    get empty() {
      return posted.size === 0;
    },
    async put(service) {
      const all = service.nodes.map((node) => newAdvert(service, node, names));
      await Promise.all(all.map(post));
    },
    async take(service) {
      const ids = new Set(service.nodes.map(({ id }) => id));
      const leaving = adverts().filter(
        ({ record }) => record.name === service.name && record.nodes.some(({ id }) => ids.has(id)),
      );
      await Promise.all(leaving.map(({ instance }) => withdraw(instance)));
    },
    async clear() {
      await Promise.all([...posted.keys()].map(withdraw));
    },
    async answer(packet, from) {
      const messages = packet.questions
        .slice(0, maxQuestions)
        .filter(isInternet)
        .flatMap((question) => {
          const id = wantsUnicast(question) ? packet.id : 0;
          return answersTo(question).map((answers) =>
            from.port === groupPort ? tell(shared(answers)) : tell(reply(question, id, answers), from),
          );
        });
      await Promise.all(messages);
    },
  };
}

const asks = (type: string, ...types: readonly string[]): boolean => type === 'ANY' || types.includes(type);

// The decoder shows a class whose top bit is set, the wish for a unicast answer, as an unknown one.
const wantsUnicast = ({ class: kind }: Question): boolean => unicastClasses.has(String(kind));
const isInternet = (question: Question): boolean =>
  question.class === 'IN' || question.class === 'ANY' || wantsUnicast(question);
const unicastClasses: ReadonlySet<string> = new Set(['UNKNOWN_32769', 'UNKNOWN_33023']);
