const scheme = /^(https?:\/\/|mailto:|tel:)/i;

/**
 * A link as it was typed. Slack makes links out of what looks like one, and then its label is what stood there; any other label somebody
 * chose for readers, and a service needs the address.
 */
export function typedLink(url: string, label: string | undefined): string {
  if (label === undefined || label === '' || label === url) return url;
  return isSame(url, label) ? label : url;
}

function isSame(url: string, label: string): boolean {
  const begin = scheme.exec(url)?.[0].toLowerCase();
  switch (begin) {
    case undefined:
      return false;
    case 'tel:':
      return digits(url) !== '' && digits(url) === digits(label) && !/\p{L}/u.test(label);
    case 'mailto:':
      return url.slice(begin.length).toLowerCase() === label.toLowerCase().replace(scheme, '');
    default: {
      // Without a scheme it can be written in more ways: in other case, unescaped, without the last slash.
      const whole = scheme.test(label) ? label : begin + label;
      const address = addressOf(url);
      return !/\s/.test(label) && address !== undefined && address === addressOf(whole);
    }
  }
}

const digits = (text: string): string => text.replace(/\D/g, '');

function addressOf(url: string): string | undefined {
  try {
    return new URL(url).href;
  } catch {
    return undefined;
  }
}
