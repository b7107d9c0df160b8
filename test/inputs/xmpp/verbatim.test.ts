import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { newKeeper } from '../../support/keeper.ts';
import { unique } from '../../support/name.ts';
import { until } from '../../support/until.ts';
import { eachServer } from '../../support/xmpp/each-server.ts';
import { person } from '../../support/xmpp/person.ts';
import { scene } from './scene.ts';

/** What XML and a message may hold. */
const exact = fc
  .array(
    fc.oneof(
      fc.constantFrom('|', ' > ', '#', '"', '“', '\\', '`', '{', '&amp;', '<b>'),
      fc.string({ unit: 'grapheme' }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join('').replaceAll(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu, '·'))
  .filter((value) => value.trim() === value && !value.includes('```') && !value.endsWith('`'));

eachServer('code in XMPP', (server) => {
  it('is text, and comes to the command as it is', async () => {
    const { keep, kept } = newKeeper();
    const { user } = await scene(server(), { commands: [keep] });
    const ada = await person(server(), unique('ada'));
    onTestFinished(() => ada.end());
    const say = async (typed: string): Promise<readonly string[] | undefined> => {
      const seen = kept.length;
      await ada.say(user.jid, typed);
      await until(() => kept.length > seen);
      return kept.at(-1);
    };
    expect(await say('keep `a | b` > me')).toEqual(['a | b']);
    expect(await say('`keep "a b"`')).toEqual(['a b']);
    expect(await say('```\nkeep a\nb\n```')).toEqual(['a', 'b']);
    await fc.assert(
      fc.asyncProperty(exact, exact, async (block, inline) => {
        const code = inline.replaceAll('`', '');
        fc.pre(code !== '' && code.trim() === code);
        expect(await say(`keep x=\`${code}\`\n\`\`\`\n${block}\n\`\`\``)).toEqual([`x=${code}`, block]);
      }),
      { numRuns: 25 },
    );
  });
});
