// Exact decimals of at most 18 digits on either side of the point, as whole numbers of 10^-18.

const DIGITS = 18;
export const ONE = 10n ** 18n;

export function decimalOf(text) {
  const match = /^(-?)(0|[1-9][0-9]{0,17})(?:\.([0-9]{1,18}))?$/.exec(typeof text === "string" ? text : "");
  if (match === null) {
    return null;
  }
  const scaled = BigInt(match[2]) * ONE + BigInt((match[3] ?? "").padEnd(DIGITS, "0"));
  return match[1] === "" ? scaled : scaled === 0n ? null : -scaled;
}

export function decimalOfNumber(number) {
  const [, minus, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(number));
  const shift = DIGITS + Number(exponent) - fraction.length;
  let scaled = BigInt(whole + fraction);
  if (shift >= 0) {
    scaled *= 10n ** BigInt(shift);
  } else if (scaled % 10n ** BigInt(-shift) === 0n) {
    scaled /= 10n ** BigInt(-shift);
  } else {
    return null;
  }
  return bounded(minus === "" ? scaled : -scaled);
}

const bounded = (scaled) => (scaled < ONE * ONE && scaled > -ONE * ONE ? scaled : null);

export function decimalText(scaled) {
  const positive = scaled < 0n ? -scaled : scaled;
  const fraction = (positive % ONE).toString().padStart(DIGITS, "0").replace(/0+$/, "");
  return `${scaled < 0n ? "-" : ""}${positive / ONE}${fraction === "" ? "" : `.${fraction}`}`;
}

const decimalAnswer = (scaled) => (scaled === null ? { ok: false } : { ok: true, decimal: decimalText(scaled) });

function decimalCalculate({ operation, a, b }) {
  const [x, y] = [decimalOf(a), decimalOf(b)];
  if (x === null || y === null) {
    return { ok: false };
  }
  if (operation !== "times") {
    return decimalAnswer(bounded(operation === "plus" ? x + y : x - y));
  }
  return decimalAnswer((x * y) % ONE === 0n ? bounded((x * y) / ONE) : null);
}

function decimalCompare({ a, b }) {
  const [x, y] = [decimalOf(a), decimalOf(b)];
  return x === null || y === null ? { ok: false } : { ok: true, order: x < y ? -1 : x > y ? 1 : 0 };
}

export const DECIMALS = {
  decimal: (given) => decimalAnswer(Object.hasOwn(given, "number") ? decimalOfNumber(given.number) : decimalOf(given.text)),
  decimalCalculate,
  decimalCompare,
};
