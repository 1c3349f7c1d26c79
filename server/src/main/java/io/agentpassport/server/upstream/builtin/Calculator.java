package io.agentpassport.server.upstream.builtin;

import com.ezylang.evalex.BaseException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.config.ExpressionConfiguration;
import com.ezylang.evalex.config.MapBasedFunctionDictionary;
import com.ezylang.evalex.config.MapBasedOperatorDictionary;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.functions.FunctionIfc;
import com.ezylang.evalex.functions.basic.AbsFunction;
import com.ezylang.evalex.functions.basic.CeilingFunction;
import com.ezylang.evalex.functions.basic.FloorFunction;
import com.ezylang.evalex.functions.basic.MaxFunction;
import com.ezylang.evalex.functions.basic.MinFunction;
import com.ezylang.evalex.functions.basic.SqrtFunction;
import com.ezylang.evalex.functions.basic.SumFunction;
import com.ezylang.evalex.operators.OperatorIfc;
import com.ezylang.evalex.operators.arithmetic.InfixMinusOperator;
import com.ezylang.evalex.operators.arithmetic.InfixModuloOperator;
import com.ezylang.evalex.operators.arithmetic.InfixPlusOperator;
import com.ezylang.evalex.operators.arithmetic.PrefixMinusOperator;
import com.ezylang.evalex.operators.arithmetic.PrefixPlusOperator;
import com.ezylang.evalex.parser.ASTNode;
import com.ezylang.evalex.parser.Token.TokenType;
import io.agentpassport.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Computes with decimals of 34 digits. Only what is a pure function of numbers is in it, and every number on the way is
 * within {@link Magnitude}: of a number beyond it, such as {@code 1e999999999}, already rounding would fill the memory.
 */
record Calculator() implements BuiltInTool {

    /** The longest expression, in characters. */
    static final int MAX_CHARACTERS = 256;

    /** How deep an expression may nest; a sum of many nests as deep as it has terms. */
    private static final int MAX_DEPTH = MAX_CHARACTERS;

    private static final ExpressionConfiguration LANGUAGE = ExpressionConfiguration.builder()
            .mathContext(new MathContext(34, RoundingMode.HALF_EVEN))
            .operatorDictionary(operators())
            .functionDictionary(functions())
            .defaultConstants(Map.of())
            .arraysAllowed(false)
            .structuresAllowed(false)
            .implicitMultiplicationAllowed(false)
            .maxRecursionDepth(MAX_DEPTH)
            .zoneId(ZoneOffset.UTC)
            .locale(Locale.ROOT)
            .build();

    private static final JsonObject INPUT = JsonObject.builder()
            .put("expression",
                    BuiltInTool.text("Numbers, + - * / % ^, parentheses, and ABS CEILING FLOOR MAX MIN SQRT SUM."
                            + " Such as (2 + 3) * 4.", MAX_CHARACTERS))
            .build();
    private static final JsonObject OUTPUT = JsonObject.builder()
            .put("result", BuiltInTool.text("The value as decimal text, rounded to 34 digits.", 2048))
            .build();

    @SuppressWarnings("unchecked")
    private static com.ezylang.evalex.config.OperatorDictionaryIfc operators() {
        return MapBasedOperatorDictionary.ofOperators(
                Map.<String, OperatorIfc>entry("+", new PrefixPlusOperator()),
                Map.<String, OperatorIfc>entry("-", new PrefixMinusOperator()),
                Map.<String, OperatorIfc>entry("+", new InfixPlusOperator()),
                Map.<String, OperatorIfc>entry("-", new InfixMinusOperator()),
                Map.<String, OperatorIfc>entry("%", new InfixModuloOperator()),
                Map.<String, OperatorIfc>entry("*", new Magnitude.Product()),
                Map.<String, OperatorIfc>entry("/", new Magnitude.Quotient()),
                Map.<String, OperatorIfc>entry("^", new Magnitude.Power()));
    }

    @SuppressWarnings("unchecked")
    private static com.ezylang.evalex.config.FunctionDictionaryIfc functions() {
        return MapBasedFunctionDictionary.ofFunctions(
                Map.<String, FunctionIfc>entry("ABS", new AbsFunction()),
                Map.<String, FunctionIfc>entry("CEILING", new CeilingFunction()),
                Map.<String, FunctionIfc>entry("FLOOR", new FloorFunction()),
                Map.<String, FunctionIfc>entry("MAX", new MaxFunction()),
                Map.<String, FunctionIfc>entry("MIN", new MinFunction()),
                Map.<String, FunctionIfc>entry("SQRT", new SqrtFunction()),
                Map.<String, FunctionIfc>entry("SUM", new SumFunction()));
    }

    @Override
    public JsonObject definition() {
        return BuiltInTool.definition("calculator", "Calculator", "Computes an arithmetic expression with decimals.",
                INPUT, List.of("expression"), BuiltInTool.schema(OUTPUT, List.of("result")));
    }

    @Override
    public JsonObject run(JsonObject arguments) {
        String expression = arguments.string("expression");
        if (expression == null || expression.length() > MAX_CHARACTERS || arguments.size() != 1) {
            return BuiltInTool.refusal(
                    "calculator takes one text, expression, of at most " + MAX_CHARACTERS + " characters");
        }
        try {
            String result = compute(expression);
            return BuiltInTool.answer(result, JsonObject.builder().put("result", result).build());
        } catch (BaseException | ArithmeticException | IllegalArgumentException e) {
            String why = e.getMessage();
            return BuiltInTool.refusal("no value: " + (why == null ? "the expression has none" : why));
        }
    }

    private static String compute(String text) throws BaseException {
        var expression = new Expression(text, LANGUAGE);
        for (ASTNode node : expression.getAllASTNodes()) {
            if (node.getToken().getType() == TokenType.STRING_LITERAL) {
                throw new IllegalArgumentException("a text is no number");
            }
            if (node.getToken().getType() == TokenType.NUMBER_LITERAL) {
                Magnitude.requireLiteral(node.getToken().getValue());
            }
        }
        EvaluationValue value = expression.evaluate();
        if (!value.isNumberValue()) {
            throw new IllegalArgumentException("the expression is no number");
        }
        BigDecimal number = Magnitude.require(value.getNumberValue()).stripTrailingZeros();
        return Math.abs(number.precision() - number.scale()) <= 40 ? number.toPlainString() : number.toString();
    }
}
