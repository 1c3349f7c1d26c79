"""The suite `gate`: what the strict JSON gate takes, and what it refuses."""

import base64

from .suite import Suite

DOCUMENT, ANY = "signed_document", "canonicalisation"


def build():
    suite = Suite("gate", "Strict JSON: bytes that pass the gate with their canonical form, and bytes that do not.")
    _Gate(suite).all()
    return suite


class _Gate:
    def __init__(self, suite):
        self._suite = suite

    def all(self):
        self._accepted()
        self._limits()
        self._names()
        self._unicode()
        self._numbers()
        self._grammar()
        self._digits()

    def _take(self, note, data, profile=DOCUMENT, pair=None):
        self._add(note, data, profile, {"ok": True}, pair=pair, computed=("canonical_sha256",))

    def _refuse(self, note, data, error, reason, path="$", profile=DOCUMENT, fault=None, pair=None):
        expected = {"error": error, "error_reason": reason, "error_path": path}
        self._add(note, data, profile, expected, fault=fault or reason, pair=pair)

    def _add(self, note, data, profile, expected, **options):
        data = data.encode() if isinstance(data, str) else data
        given = {"profile": profile, "bytes_b64": base64.b64encode(data).decode()}
        self._suite.add("gate", note, given, expected, **options)

    def _accepted(self):
        self._take("the smallest document", "{}")
        self._take("white space of all four kinds around everything", ' \t\r\n{ \t"a"\r\n:\n[ 1\t, 2 ] } \n')
        self._take("every literal", '{"f":false,"n":null,"t":true}')
        self._take("names are sorted by UTF-16 code unit, not by code point", '{"\ufb33":1,"\U0001f600":2,"\u20ac":3}')
        self._take("every short escape, and the solidus", r'{"a":"\"\\\/\b\f\n\r\t"}')
        self._take("escapes of either case, of U+0000 and of U+007F", r'{"a":"\u0000\u001F\u007f\u00E9\u00e9"}')
        self._take("an escaped surrogate pair is one character", r'{"a":"\ud83d\ude00"}')
        self._take("the same character, unescaped", '{"a":"\U0001f600"}')
        self._take("U+FFFD as a character of its own is no decoding error", '{"a":"\ufffd"}')
        self._take("noncharacters are characters", '{"a":"\ufffe\uffff\U0010ffff"}')
        self._take("U+2028 and U+2029 stay unescaped", '{"a":"\u2028\u2029"}')
        self._take("U+FEFF within a string is no byte order mark", '{"a":"\ufeff"}')
        self._take("no Unicode normalisation: composed and decomposed are two names", '{"\u00e9":1,"e\u0301":2}')
        self._take("names that differ in case are two names", '{"a":1,"A":2}')
        self._take("an empty name", '{"":{"":[]}}')
        self._take("a name that is special elsewhere", '{"__proto__":{"constructor":1}}')
        self._take("one name in two objects", '{"a":{"b":1},"c":{"b":1}}')

    def _limits(self):
        full = b'{"a":"' + b"x" * (65_536 - 8) + b'"}'
        self._take("64 KiB exactly", full, pair="bytes")
        self._refuse("64 KiB and one byte", full[:-1] + b' }', "too_large", "bytes", pair="bytes")
        self._take("64 KiB exactly, of two-byte characters", '{"a":"' + "\u00e9" * 32_764 + '"}', pair="bytes-utf8")
        self._refuse(
            "bytes count, not characters",
            '{"a":"' + "\u00e9" * 32_764 + '" }',
            "too_large",
            "bytes",
            pair="bytes-utf8",
        )
        self._refuse(
            "white space at the end counts", b"{}" + b" " * 65_535, "too_large", "bytes", fault="bytes-white-space"
        )
        self._take("20,000 tokens", _tokens(20_000), pair="tokens")
        self._refuse("20,001 tokens", _tokens(20_001), "too_large", "tokens", pair="tokens")
        self._take("20,000 tokens, a quarter of them names", _member_tokens(20_000), pair="tokens-names")
        self._refuse("20,002 tokens: names count", _member_tokens(20_002), "too_large", "tokens", pair="tokens-names")
        self._take("depth 32, arrays", _arrays(31, '{"a":%s}'), pair="depth-arrays")
        self._refuse("depth 33, arrays", _arrays(32, '{"a":%s}'), "too_large", "depth", pair="depth-arrays")
        self._take("depth 32, objects", _objects(32), pair="depth-objects")
        self._refuse("depth 33, objects", _objects(33), "too_large", "depth", pair="depth-objects")
        self._take("wide is not deep", '{"a":[' + ",".join(["[]"] * 100) + "]}")
        self._take("depth 1,000 for canonicalisation", _arrays(1_000, "%s"), ANY, pair="depth-canonicalisation")
        self._refuse(
            "depth 1,001 for canonicalisation",
            _arrays(1_001, "%s"),
            "too_large",
            "depth",
            profile=ANY,
            pair="depth-canonicalisation",
        )
        for text, kind in (("[]", "array"), ('"a"', "string"), ("1", "number"), ("true", "literal"), ("null", "null")):
            self._refuse(f"{kind} on top", text, "invalid_json", "not_an_object", fault=f"{kind}-on-top")
            self._take(f"{kind} on top, for canonicalisation", text, ANY)

    def _names(self):
        for note, text in (
            ("at the top", '{"a":1,"a":1}'),
            ("with another name between", '{"a":1,"b":2,"a":3}'),
            ("in an object in an array", '{"x":[1,{"a":1,"a":2}]}'),
            ("ten objects deep", '{"x":' * 10 + '{"a":1,"a":2}' + "}" * 10),
            ("spelled with an escape", r'{"a":1,"\u0061":2}'),
            ("spelled with escapes of either case", r'{"\u00E9":1,"\u00e9":2}'),
            ("one escaped as a surrogate pair", '{"\U0001f600":1,"\\ud83d\\ude00":2}'),
            ("a short and a long escape", r'{"\n":1,"\u000a":2}'),
            ("the empty name", '{"":1,"":2}'),
            ("a name that is special elsewhere", '{"__proto__":1,"__proto__":2}'),
        ):
            fault = "duplicate-name-" + note.replace(" ", "-")
            self._refuse(f"duplicate name, {note}", text, "invalid_json", "duplicate_name", fault=fault)

    def _unicode(self):
        for note, text, path in (
            ("high, alone", r'{"a":"\ud800"}', "$.a"),
            ("low, alone", r'{"a":"\udc00"}', "$.a"),
            ("the pair turned round", r'{"a":"\udc00\ud800"}', "$.a"),
            ("high before a letter", r'{"a":"\ud83dx"}', "$.a"),
            ("high before another escape", r'{"a":"\ud83d\n"}', "$.a"),
            ("high before a pair", r'{"a":"\ud83d\ud83d\ude00"}', "$.a"),
            ("in a name", r'{"b":{"\ud800":1}}', "$.b"),
            ("in an array in an object in an array", r'{"a":[0,{"b":["x","\udfff"]}]}', "$.a[1].b[1]"),
            ("of two, the first in canonical order", r'{"b":"\ud800","a":"\udfff"}', "$.a"),
        ):
            fault = "lone-surrogate-" + note.replace(" ", "-").replace(",", "")
            self._refuse(f"lone surrogate: {note}", text, "invalid_unicode", "lone_surrogate", path, fault=fault)
        self._refuse("byte order mark", b"\xef\xbb\xbf{}", "invalid_unicode", "byte_order_mark")
        for note, data in (
            ("UTF-16, little end first, with mark", '{"a":1}'.encode("utf-16")),
            ("UTF-16, big end first, with mark", b"\xfe\xff" + '{"a":1}'.encode("utf-16-be")),
            ("overlong, two bytes", b'{"a":"\xc0\xaf"}'),
            ("overlong, three bytes", b'{"a":"\xe0\x80\xaf"}'),
            ("overlong, four bytes", b'{"a":"\xf0\x80\x80\xaf"}'),
            ("overlong NUL", b'{"a":"\xc0\x80"}'),
            ("an encoded surrogate", b'{"a":"\xed\xa0\x80"}'),
            ("an encoded surrogate pair", b'{"a":"\xed\xa0\xbd\xed\xb8\x80"}'),
            ("beyond U+10FFFF", b'{"a":"\xf4\x90\x80\x80"}'),
            ("five bytes", b'{"a":"\xf8\x88\x80\x80\x80"}'),
            ("a continuation byte alone", b'{"a":"\x80"}'),
            ("cut short", b'{"a":"\xe2\x82"}'),
            ("a byte that never occurs", b'{"a":"\xff"}'),
            ("Latin-1", '{"a":"\u00e9"}'.encode("latin-1")),
            ("a bad byte beside a true U+FFFD", b'{"a":"\xef\xbf\xbd\x80"}'),
            ("a bad byte after the document", b"{}\xff"),
        ):
            fault = "utf8-" + note.replace(" ", "-").replace(",", "")
            self._refuse(f"not UTF-8: {note}", data, "invalid_unicode", "utf8", fault=fault)
        for note, encoding in (("little end first", "utf-16-le"), ("big end first", "utf-16-be")):
            data = '{"a":1}'.encode(encoding)
            fault = "utf16-without-mark-" + note.replace(" ", "-")
            self._refuse(f"UTF-16 without a mark, {note}", data, "invalid_json", "syntax", fault=fault)

    def _numbers(self):
        self._take("number forms", '{"a":[0,-0,0.0,-0.0,1e0,1E+2,1e-2,10.50,123e-1]}')
        self._take("an integer above 2^53 rounds to the nearest binary64", '{"a":9007199254740993}')
        self._take("a tie rounds to even", '{"a":[9007199254740993,9007199254740995]}')
        self._take("2^64 and beyond", '{"a":[18446744073709551616,-18446744073709551617]}')
        self._take("a thousand digits", '{"a":0.' + "1" * 1_000 + "}")
        self._take("below the smallest binary64 is zero", '{"a":[1e-400,-1e-400]}')
        self._take("the smallest and the largest binary64", '{"a":[5e-324,1.7976931348623157e308]}')
        self._take("rounds down to the largest", '{"a":1.7976931348623158e308}', pair="overflow")
        text = '{"a":1.7976931348623159e308}'
        self._refuse("rounds up to infinity", text, "invalid_number", "non_finite", "$.a", pair="overflow")
        for text, path in (("1e400", "$.a[1]"), ("-1e400", "$.a[1]"), ("1" + "0" * 309, "$.a[1]")):
            fault = f"non-finite-{text[:6]}"
            self._refuse("beyond binary64", f'{{"a":[0,{text}]}}', "invalid_number", "non_finite", path, fault=fault)
        for text in ("01", "-01", "00", "+1", "1.", ".5", "-.5", "1e", "1e+", "1.e1", "0x10", "1_000", "-", "--1", "1f",
                     "NaN", "Infinity", "-Infinity", "\u0661"):
            self._refuse(f"no number: {text}", f'{{"a":{text}}}', "invalid_json", "syntax", fault=f"number-{text}")

    def _grammar(self):
        for note, text in (
            ("nothing", ""),
            ("white space only", " \n"),
            ("an open object", "{"),
            ("an open array", '{"a":['),
            ("an open string", '{"a":"'),
            ("a name without a value", '{"a"}'),
            ("a colon without a value", '{"a":}'),
            ("no colon", '{"a" 1}'),
            ("no comma", '{"a":1 "b":2}'),
            ("a comma at the end of an object", '{"a":1,}'),
            ("a comma at the end of an array", '{"a":[1,]}'),
            ("a comma at the start", '{,"a":1}'),
            ("two commas", '{"a":[1,,2]}'),
            ("the wrong closing bracket", '{"a":[1}}'),
            ("a closing bracket too many", '{"a":1}}'),
            ("single quotes", "{'a':1}"),
            ("a name without quotes", "{a:1}"),
            ("a number as a name", "{1:1}"),
            ("a comment in a line", '{"a":1}//'),
            ("a comment in a block", '{/**/"a":1}'),
            ("an upper-case literal", '{"a":True}'),
            ("a literal cut short", '{"a":tru}'),
            ("a literal with a tail", '{"a":nullx}'),
            ("undefined", '{"a":undefined}'),
            ("an unknown escape", r'{"a":"\x41"}'),
            ("an escape of three digits", r'{"a":"\u123"}'),
            ("an escape with a sign", r'{"a":"\u+123"}'),
            ("an escaped line end", '{"a":"\\\n"}'),
            ("a raw tab in a string", '{"a":"\t"}'),
            ("a raw NUL in a string", '{"a":"\0"}'),
            ("a raw line end in a name", '{"\n":1}'),
            ("a form feed as white space", '{\f"a":1}'),
            ("U+00A0 as white space", '{\u00a0"a":1}'),
            ("a NUL after the document", "{}\0"),
            ("a comma after the document", "{},"),
            ("a letter after the document", "{}x"),
        ):
            self._refuse(f"no JSON: {note}", text, "invalid_json", "syntax", fault="syntax-" + note.replace(" ", "-"))
        for note, text in (("at once", "{}{}"), ("after a line end", '{"a":1}\n{"a":1}\n'), ("a scalar", "{}1")):
            fault = "second-value-" + note.replace(" ", "-")
            self._refuse(f"a second value, {note}", text, "invalid_json", "trailing_content", fault=fault)

    def _digits(self):
        """Letters whose low byte is that of a hex digit, and digits of other scripts, are no hex digits."""
        for note, text in (
            ("U+0161 for a", '{"a":"\\u00\u0161\u0161"}'),
            ("U+0661 for 1", '{"a":"\\u004\u0661"}'),
            ("U+FF11 for 1", '{"a":"\\u004\uff11"}'),
            ("U+0141 for A in a name", '{"\\u004\u0141":1}'),
            ("U+0138 for 8 in half a pair", '{"a":"\\ud\u013800"}'),
        ):
            fault = "escape-" + note.replace(" ", "-")
            self._refuse(f"no hex digit: {note}", text, "invalid_json", "syntax", fault=fault)


def _tokens(count):
    """{"a":[0,0,...]}: five tokens and the zeros."""
    return '{"a":[' + ",".join(["0"] * (count - 5)) + "]}"


def _member_tokens(count):
    """{"0":[0],...}: two braces, four tokens for each member with an array, two for one more with a scalar."""
    members = [f'"{i:x}":[0]' for i in range((count - 2) // 4)] + ['"s":0'] * ((count - 2) % 4 // 2)
    return "{" + ",".join(members) + "}"


def _arrays(depth, around):
    return around % ("[" * depth + "]" * depth)


def _objects(depth):
    return '{"a":' * (depth - 1) + "{}" + "}" * (depth - 1)
