import type { Socket } from 'node:net';
import { formatAddress } from './address.ts';

/** Of a connection, both as `host:port`. */
export interface Ends {
  readonly local: string;
  readonly remote: string;
}

export const endsOf = ({ localAddress, localPort, remoteAddress, remotePort }: Socket): Ends => ({
  local: formatAddress(localAddress, localPort),
  remote: formatAddress(remoteAddress, remotePort),
});
