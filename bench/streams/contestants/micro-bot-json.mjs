// Ours over go-micro's own protocol, JSON.
import { connect, serve } from './product.mjs';

export const server = () => serve();
export const client = (record) => connect(record, 'json');
