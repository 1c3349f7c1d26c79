// One object of a policy while it is checked: where it stands, and what is wrong with its members.

import { child, exact, isObject } from "./facts.mjs";
import { seconds } from "./limits.mjs";

const MESSAGE_CHARACTERS = 500;

const isText = (value, most) => typeof value === "string" && value.length >= 1 && value.length <= most;

export class Members {
  constructor(value, pointer, problems) {
    Object.assign(this, { value, pointer, problems });
  }

  at(name) {
    return child(this.pointer, name);
  }

  wrong(name) {
    this.problems.push(this.at(name));
  }

  has(name) {
    return Object.hasOwn(this.value, name);
  }

  get(name) {
    return this.has(name) ? this.value[name] : undefined;
  }

  /** A member that is there must be fine. */
  check(name, fine) {
    if (this.has(name) && !fine) {
      this.wrong(name);
    }
    return this.has(name) && fine;
  }

  refuse(names) {
    [...names].sort().filter((name) => this.has(name)).forEach((name) => this.wrong(name));
  }

  only(known) {
    this.refuse(Object.keys(this.value).filter((name) => !known.includes(name)));
  }

  /** What is lacking is told at the object that lacks it. */
  needs(name) {
    if (!this.has(name)) {
      this.problems.push(this.pointer);
    }
  }

  text(name, most) {
    return this.check(name, isText(this.get(name), most)) ? this.get(name) : undefined;
  }

  message(name) {
    this.text(name, MESSAGE_CHARACTERS);
  }

  choice(name, words) {
    this.check(name, words.includes(this.get(name)));
  }

  integer(name, least, most) {
    const value = this.get(name);
    this.check(name, Number.isInteger(value) && value >= least && value <= most);
  }

  decimal(name) {
    const value = this.get(name);
    const plain = typeof value === "string" || (typeof value === "number" && (!Number.isInteger(value) || Number.isSafeInteger(value)));
    this.check(name, plain && exact(value) !== null);
  }

  seconds(name, most) {
    const value = this.get(name);
    const length = typeof value === "string" ? seconds(value) : Number.isInteger(value) ? value : null;
    return this.check(name, length !== null && length >= 1 && length <= most) ? length : undefined;
  }

  list(name, most) {
    const value = this.get(name);
    return this.check(name, Array.isArray(value) && value.length <= most) ? value : [];
  }

  object(name) {
    if (isObject(this.get(name))) {
      return new Members(this.get(name), this.at(name), this.problems);
    }
    this.wrong(name);
    return undefined;
  }

  /** The members of each element that is an object; the others are problems. */
  objects(name, most) {
    return this.list(name, most).flatMap((value, i) => {
      const at = `${this.at(name)}/${i}`;
      if (!isObject(value)) {
        this.problems.push(at);
        return [];
      }
      return [new Members(value, at, this.problems)];
    });
  }
}
