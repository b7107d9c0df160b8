import type { Pace } from './chat.ts';
import { tooOften } from './refusal.ts';

/** So many messages a second in each channel, after a burst. Throws what Slack says when it is more. */
export function channelPace(perSecond: number, burst: number, now: () => number): Pace {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (channel) => {
    const bucket = buckets.get(channel) ?? { tokens: burst, at: now() };
    const time = now();
    bucket.tokens = Math.min(burst, bucket.tokens + ((time - bucket.at) / 1000) * perSecond);
    bucket.at = time;
    buckets.set(channel, bucket);
    if (bucket.tokens < 1) throw tooOften(Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond)));
    bucket.tokens -= 1;
  };
}
