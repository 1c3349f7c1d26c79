// Checks with names, which pass when they do not throw.

export class Checks {
  results = [];

  /** Runs a check, which may answer what it found; answers whether it passed. */
  async that(name, check) {
    try {
      this.results.push({ name, passed: true, found: await check() });
      return true;
    } catch (fault) {
      this.fail(name, fault);
      return false;
    }
  }

  fail(name, fault) {
    this.results.push({ name, passed: false, found: fault.message });
  }

  /** Prints every check and the closing line, or one line of JSON; answers the exit status. */
  report(json) {
    const failed = this.results.filter(({ passed }) => !passed).length;
    const passed = this.results.length - failed;
    if (json) {
      console.log(JSON.stringify({ passed, failed, checks: this.results }));
    } else {
      for (const { name, passed: ok, found } of this.results) {
        console.log(`${ok ? "ok    " : "FAILED"}  ${name}${found ? `\n          ${found}` : ""}`);
      }
      console.log(`${passed} passed, ${failed} failed`);
    }
    return failed > 0 || passed === 0 ? 1 : 0;
  }
}
