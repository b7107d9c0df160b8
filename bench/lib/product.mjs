import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where the compiled product is: `MICRO_DIST`, or the `dist` beside this folder. */
export const dist = path.resolve(process.env.MICRO_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url)));

/** The product's command, as a person would start it. */
export const bin = path.join(dist, '../bin/micro.js');

/** One of the product's modules, as its users import it: `load('runtime/client/micro.js')`. */
export const load = (module) => import(pathToFileURL(path.join(dist, 'src', module)).href);
