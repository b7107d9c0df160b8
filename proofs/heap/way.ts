/** How calls are made. */
export const ways = ['one call a connection', 'multiplexed', 'gRPC'] as const;
export type Way = (typeof ways)[number];
