import os from 'node:os';

/** What kind of machine and Node the figures come from; nothing that tells which machine it was. */
export const machine = () => ({
  date: new Date().toISOString().slice(0, 10),
  node: process.version,
  platform: `${os.platform()} ${os.arch()}`,
  cores: os.availableParallelism(),
  memoryGiB: Math.round(os.totalmem() / 2 ** 30),
});

/** The same in words. */
export const describe = ({ date, node, platform, cores, memoryGiB }) =>
  `${date}, Node ${node}, ${platform}, ${cores} cores, ${memoryGiB} GiB`;
