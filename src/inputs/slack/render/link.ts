import type { Link } from '../../../document/document.ts';
import { isVisible, shownLine } from './shown.ts';

/** Addresses that every program reads in the same way: no name in them, no characters that look like others, nothing to be escaped. */
const plainUrl =
  /^https?:\/\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][\w\-.~:/?#[\]@!$&'()*+,;=%]*)?$/i;
/** A label that nobody takes for an address. Other scripts have letters that look like a dot. */
const plainLabel = /^[A-Za-z0-9À-ÖØ-öø-ž _\-#'(),!?&+]+(?:\.|\.\.\.|…)?$/;
const longestUrl = 2_000;
const longestLabel = 500;

/** How a link shows. */
export interface ShownLink {
  /** Stands before it and is no part of it. */
  readonly before: string;
  /** Undefined where it is not one to follow: then all is in `before`. */
  readonly link: { readonly url: string; readonly text: string } | undefined;
}

/** A link of a service leads only where it says: a label that could be an address has the address beside it. */
export function showLink({ url, label }: Link): ShownLink {
  const address = shownLine(url);
  const name = shownLine(label);
  const host = url.length <= longestUrl && URL.canParse(url) ? plainUrl.exec(url)?.[1] : undefined;
  const hasName = isVisible(name) && name !== address;
  if (host === undefined) return { before: hasName ? `${name} (${address})` : address, link: undefined };
  if (!hasName) return { before: '', link: { url, text: url } };
  const isHonest = name.length <= longestLabel && (plainLabel.test(name) || name.toLowerCase() === host.toLowerCase());
  return isHonest ? { before: '', link: { url, text: name } } : { before: `${name} `, link: { url, text: url } };
}
