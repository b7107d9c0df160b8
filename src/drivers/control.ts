import { createClosers } from '../async/closers.ts';
import type { KeptAudit } from '../audit/kept.ts';
import { readPlace } from '../audit/place.ts';
import type { Taken } from '../async/taken.ts';
import type { ControlConfig } from '../config/control.ts';
import type { Control, ControlOptions } from '../control/control.ts';
import type { Log } from '../log/log.ts';

export interface ControlDeps extends Pick<ControlOptions, 'commands' | 'inputs' | 'circuits' | 'log'> {
  readonly config: ControlConfig;
}

/** With what the inputs remember. */
export interface OpenedControl extends Control {
  readonly taken: (input: string) => Promise<Taken>;
}

/** Throws a sentence when the access file cannot be used, or another bot has the state directory or the audit. */
export async function openControl({ config, log, ...deps }: ControlDeps): Promise<OpenedControl> {
  const [{ fileState }, { memoryState }, { connectControl }] = await Promise.all([
    import('../state/files.ts'),
    import('../state/memory.ts'),
    import('../control/control.ts'),
  ]);
  const closers = createClosers();

  try {
    const { stateDirectory, accessFile, defaults, timeZone } = config;
    const state = closers.keep(
      stateDirectory === undefined ? memoryState() : await fileState({ directory: stateDirectory, log }),
    );
    if (stateDirectory === undefined) log.info('nothing is remembered when the bot ends: there is no state directory');
    const audit = await openAudit(config, log);
    if (audit !== undefined) closers.keep(audit);
    const control = closers.keep(await connectControl({ ...deps, state, audit, accessFile, defaults, timeZone, log }));
    return {
      ...control,
      taken: async (input) => {
        const { openTaken } = await import('../state/taken.ts');
        return openTaken({ state, name: `taken-${input}`, log });
      },
      close: () => closers.close(),
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function openAudit({ auditFile, auditKeep: keep }: ControlConfig, log: Log): Promise<KeptAudit | undefined> {
  if (auditFile === undefined) return undefined;
  const place = readPlace(auditFile);
  switch (place.kind) {
    case 'file':
      return (await import('../audit/file.ts')).openAuditFile({ path: place.path, keep, log });
    case 'level':
      return (await import('../audit/level/open.ts')).openAuditLevel({ directory: place.directory, keep, log });
    default:
      return place satisfies never;
  }
}
