package io.agentpassport.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyValidationTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0000', value = {
        // the document, with 'V' for its version | where it is wrong
        "{} | /version", "{'version':1} | /version", "{'version':'2'} | /version",
        "{V,'defualt':'deny'} | /defualt", "{V,'default':'refuse'} | /default", "{V,'mode':'observe'} | /mode",
        "{V,'hide':'x'} | /hide", "{V,'hide':['a b']} | /hide/0", "{V,'hide':['*']} | /hide/0",
        "{V,'hide':['a','a']} | /hide/1", "{V,'tools':[]} | /tools", "{V,'tools':{'a b':{}}} | /tools/a b",
        "{V,'tools':{'Up/x':{}}} | /tools/Up~1x", "{V,'tools':{'t':[]}} | /tools/t",
        "{V,'tools':{'t':{'requires':[]}}} | /tools/t/requires",
        "{V,'hide':['t*'],'tools':{'tt':{}}} | /tools/tt",
        "{V,'all_tools':{'deny_if':[{'conditions':[]}]},'tools':{'t':{}}} | /all_tools",
        "{V,'all_tools':{'x':1}} | /all_tools/x",
    })
    void aDocumentIsStrict(String document, String pointer) {
        assertThat(Policy.problems(document.replace("V", "'version':'1'").replace('\'', '"')))
                .extracting(Problem::pointer)
                .containsExactly(pointer);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\u0000', value = {
        // the entry of a tool | where in it it is wrong
        // dialects do not mix, but for limits beside c
        "{'rules':[],'limits':[]} | /limits", "{'rules':[],'require':[]} | /require",
        "{'rules':[],'action':'allow'} | /action", "{'rules':[],'rate_limit':{'max':1,'window':1}} | /rate_limit",
        "{'action':'allow','deny_if':[]} | /deny_if", "{'reason':'x','require':[]} | /require",
        // rules that are never asked
        "{'deny_if':[{'conditions':[]},{'conditions':[C]}]} | /deny_if/1",
        "{'deny_if':[{'conditions':[]}],'limits':[L]} | /limits",
        "{'action':'deny','rate_limit':{'max':1,'window':1}} | /rate_limit",
        "{'action':'deny','limits':[L]} | /limits", "{'action':'deny','timeout':5} | /timeout",
        "{'rules':[{'action':'deny'},{'conditions':[C]}]} | /rules/1",
        "{'rules':[{'action':'deny','conditions':[C]}]} | /rules/0/conditions",
        "{'rules':[{'on_deny':'never said'}]} | /rules/0/on_deny",
        "{'require':[{'conditions':[]}]} | /require/0/conditions",
        // a
        "{'deny_if':[{}]} | /deny_if/0", "{'deny_if':[{'conditions':[C],'x':1}]} | /deny_if/0/x",
        "{'require':[{'op':'eq','value':1}]} | /require/0", "{'require':['x']} | /require/0",
        "{'require':[{'path':'args.a','op':'eq','value':1,'on':1}]} | /require/0/on",
        // b
        "{'rules':[{'action':'allow'}]} | /rules/0/action", "{'rules':[{'x':1}]} | /rules/0/x",
        "{'rules':[{'name':'n'},{'name':'n'}]} | /rules/1/name",
        "{'rules':[{'rate_limit':'0/hour'}]} | /rules/0/rate_limit",
        "{'rules':[{'rate_limit':'5/total'}]} | /rules/0/rate_limit",
        "{'rules':[{'rate_limit':5}]} | /rules/0/rate_limit",
        "{'rules':[{'state':{'counter':'c'}}]} | /rules/0/state",
        "{'rules':[{'state':{'counter':'c','window':'day','increment':-1}}]} | /rules/0/state/increment",
        "{'rules':[{'state':{'counter':'c','window':'day','increment_from':'amount'}}]} | /rules/0/state/increment_from",
        "{'rules':[{'state':{'counter':'c','window':'day','increment':1,'increment_from':'args.a'}}]}"
                + " | /rules/0/state/increment",
        // c
        "{'action':'denied'} | /action", "{'rate_limit':{'max':1}} | /rate_limit",
        "{'rate_limit':{'max':-1,'window':1}} | /rate_limit/max",
        "{'rate_limit':{'max':1,'window':0}} | /rate_limit/window",
        "{'action':'require_approval','require_approval':true} | /require_approval",
        // limits
        "{'limits':[{'window':'minute','max':1}]} | /limits/0", "{'limits':[{'counter':'c','max':1}]} | /limits/0",
        "{'limits':[{'counter':'c','window':'minute'}]} | /limits/0",
        "{'limits':[{'counter':'c d','window':'minute','max':1}]} | /limits/0/counter",
        "{'limits':[{'counter':'c','window':'fortnight','max':1}]} | /limits/0/window",
        "{'limits':[{'counter':'c','window':'minute','max':'1e3'}]} | /limits/0/max",
        "{'limits':[{'counter':'c','window':'minute','max':9007199254740992}]} | /limits/0/max",
        "{'limits':[{'counter':'c','window':'minute','max':1,'scope':'org'}]} | /limits/0/scope",
        "{'limits':[{'counter':'c','window':'minute','max':1,'per':'state.c'}]} | /limits/0/per",
        "{'limits':[{'counter':'c','window':'total','max':1,'algorithm':'sliding'}]} | /limits/0/algorithm",
        "{'limits':[{'counter':'c','window':'minute','max':1,'algorithm':'leaky'}]} | /limits/0/algorithm",
        "{'limits':[{'counter':'c','window':'minute','max':1,'cost':-1}]} | /limits/0/cost",
        "{'limits':[{'counter':'c','window':'minute','max':1,'cost':{}}]} | /limits/0/cost",
        "{'limits':[{'counter':'c','window':'minute','max':1,'cost':{'from':'args.a','scale':19}}]}"
                + " | /limits/0/cost/scale",
        "{'limits':[{'counter':'c','window':'minute','max':1,'on_error':'ask'}]} | /limits/0/on_error",
        "{'limits':[{'counter':'c','window':'inflight','max':1,'on_error':'refund'}]} | /limits/0/on_error",
        "{'limits':[L,L]} | /limits/1",
        // conditions
        "{'require':[{'path':'arg.a','op':'eq','value':1}]} | /require/0/path",
        "{'require':[{'path':'args..a','op':'eq','value':1}]} | /require/0/path",
        "{'require':[{'path':'/args/~2','op':'eq','value':1}]} | /require/0/path",
        "{'require':[{'path':'time.second','op':'eq','value':1}]} | /require/0/path",
        "{'require':[{'path':'result.a','op':'eq','value':1}]} | /require/0/path",
        "{'require':[{'path':'state.c','op':'eq','value':1}]} | /require/0/path",
        "{'require':[{'path':'args.a','op':'equals','value':1}]} | /require/0/op",
        "{'require':[{'path':'args.a','value':1}]} | /require/0",
        "{'require':[{'path':'args.a','op':'eq'}]} | /require/0",
        "{'require':[{'path':'args.a','op':'eq','value':9007199254740993}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'in','value':'x'}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'in','value':[]}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'lt','value':true}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'lt','value':1e-19}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'regex','value':'('}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'regex','value':'(a)\\\\1'}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'regex','value':'((a{100}){100}){100}'}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'regex','value':'([(]a{50}){60}'}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'cidr','value':'10.0.0.1/8'}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'cidr','value':'10.0.0.0/33'}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'host_in','value':['A.example']}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'len_lte','value':-1}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'type','value':'float'}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'exists','value':1}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'not','value':{'op':'eq'}}]} | /require/0/value",
        "{'require':[{'path':'args.a','op':'any','value':{'op':'eq','value':1,'x':1}}]} | /require/0/value/x",
        "{'limits':[L],'require':[{'path':'state.c','op':'regex','value':'1'}]} | /require/0/op",
        "{'limits':[L],'require':[{'path':'state.c','op':'lt','value':'x'}]} | /require/0/value",
        "{'limits':[L],'require':[{'op':'not','value':{'path':'state.c','op':'lt','value':1}}]} | /require/0/value/path",
        "{'limits':[L,{'counter':'c','window':'hour','max':1}],'require':[{'path':'state.c','op':'lt','value':1}]}"
                + " | /require/0/path",
        // the rest
        "{'timeout':'2h'} | /timeout", "{'timeout':'soon'} | /timeout",
        "{'schedule':{'from':'9:00'}} | /schedule/from", "{'schedule':[{'days':['monday']}]} | /schedule/0/days",
        "{'schedule':{'zone':'Mars/Olympus'}} | /schedule/zone", "{'schedule':[]} | /schedule",
        "{'schedule':{'not_before':'tomorrow'}} | /schedule/not_before",
        "{'require_approval':false} | /require_approval",
        "{'require_approval':{'approvals':0}} | /require_approval/approvals",
        "{'require_approval':{'approvals':2,'approvers':['a']}} | /require_approval/approvers",
        "{'require_approval':{'expires':'2d'}} | /require_approval/expires",
        "{'price':{'amount':1}} | /price", "{'price':{'currency':'USD'}} | /price",
        "{'price':{'currency':'USD','from':'result.cost'}} | /price",
        "{'price':{'currency':'USD','from':'args.cost','reserve':1}} | /price/reserve",
        "{'price':{'currency':'USD','amount':1,'scale':2}} | /price/amount",
        "{'response':{'max_bytes':0}} | /response/max_bytes", "{'response':{'redact':['args.a']}} | /response/redact/0",
        "{'response':{'redact':[{'pattern':'('}]}} | /response/redact/0/pattern",
        "{'response':{'deny_if':[{'conditions':[C]}]}} | /response/deny_if/0/conditions/0/path",
        "{'args_schema':{'type':'strin'}} | /args_schema/type", "{'args_schema':5} | /args_schema",
        "{'args_schema':{'typ':'object'}} | /args_schema/typ",
        "{'args_schema':{'$ref':'https://example.com/x'}} | /args_schema/$ref",
        "{'args_schema':{'$ref':'#/$defs/x'}} | /args_schema/$ref",
        "{'args_schema':{'properties':{'a':{'$ref':'#'}}}} | /args_schema/properties/a/$ref",
        "{'args_schema':{'$defs':{'a':{'anyOf':[{'$ref':'#/$defs/a'}]}},'$ref':'#/$defs/a'}}"
                + " | /args_schema/$defs/a/anyOf/0/$ref",
        "{'args_schema':{'properties':{'a':{'pattern':'(?=x)'}}}} | /args_schema/properties/a/pattern",
    })
    void anEntryIsStrict(String entry, String pointer) {
        String text = ("{'version':'1','tools':{'t':" + entry + "}}")
                .replace("C", "{'path':'args.a','op':'eq','value':1}")
                .replace("L", "{'counter':'c','window':'minute','max':1}")
                .replace('\'', '"');

        assertThat(Policy.problems(text)).extracting(Problem::pointer).containsExactly("/tools/t" + pointer);
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        assertThat(Policy.problems("""
                {"version":"1","x":1,"tools":{"a":{"timeout":0},"b":{"action":"no"}}}"""))
                .extracting(Problem::pointer)
                .containsExactly("/x", "/tools/a/timeout", "/tools/b/action");
    }

    @Test
    void aDuplicateKeyIsToldByItsPlace() {
        assertThat(Policy.problems("{\"version\":\"1\",\"tools\":{\"t\":{\"timeout\":1,\"timeout\":2}}}"))
                .extracting(Problem::pointer)
                .containsExactly("/tools/t/timeout");
        assertThat(Policy.problems("version: \"1\"\ntools:\n  t: {}\n  t: {}\n"))
                .extracting(Problem::pointer)
                .containsExactly("/tools/t");
    }

    @Test
    void limitsMayStandBesideTheShortForm() {
        PolicyDocument document = Policy.ofTool("""
                {"rate_limit":{"max":5,"window":60},"limits":[{"counter":"all","window":"day","max":9}]}""");

        assertThat(Policy.passed(document, "t", "{}").limits()).extracting(charge -> charge.rule().counter())
                .containsExactly("t.rate_limit", "all");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"((a{100}){100}){100}", "(((a{1000}){1000}){1000})", "([(]a{50}){60}",
        "([^]()]{50}b){60}"})
    void aPatternThatGrowsIsRefusedBeforeItIsCompiled(String pattern) {
        assertThat(LinearPattern.compile(pattern)).isInstanceOfSatisfying(LinearPattern.Bad.class,
                bad -> assertThat(bad.problem()).contains("repeats too much"));
    }

    @Test
    void aSchemaThatGrowsWhenItIsWrittenOutIsRefused() {
        var defs = new StringBuilder("\"d0\":{\"type\":\"string\"}");
        for (int i = 1; i < 30; i++) {
            defs.append(",\"d")
                    .append(i)
                    .append("\":{\"allOf\":[{\"$ref\":\"#/$defs/d")
                    .append(i - 1)
                    .append("\"},{\"$ref\":\"#/$defs/d")
                    .append(i - 1)
                    .append("\"}]}");
        }

        assertThat(Policy.problems("{\"version\":\"1\",\"tools\":{\"t\":{\"args_schema\":{\"$defs\":{" + defs
                + "},\"$ref\":\"#/$defs/d29\"}}}}")).singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("too large"));
    }

    @Test
    void aDocumentWhoseTestsFailIsRefused() {
        String document = """
                {"version":"1","tools":{"t":{"limits":[{"counter":"c","window":"minute","max":3}]}},
                 "tests":[{"name":"full","tool":"t","counters":{"c":3},"expect":{"code":"LIMIT","rule":"/tools/t/limits/0"}},
                          {"tool":"shop/t","counters":{"c":2},"expect":"ALLOWED"},
                          {"tool":"u","expect":{"code":"DEFAULT_DENY"}}]}""";

        assertThat(PolicyParser.parse(document)).isInstanceOf(PolicyParser.Parsed.class);
        assertThat(Policy.problems(document.replace("\"max\":3", "\"max\":4"))).singleElement().satisfies(problem -> {
            assertThat(problem.pointer()).isEqualTo("/tests/0");
            assertThat(problem.message()).contains("full", "expected LIMIT by /tools/t/limits/0", "ALLOWED");
        });
        assertThat(Policy.problems(document.replace("\"expect\":\"ALLOWED\"", "\"expect\":\"OK\"")))
                .extracting(Problem::pointer)
                .containsExactly("/tests/1/expect");
    }
}
