package io.agentpassport.server.upstream.builtin;

import com.ezylang.evalex.EvaluationException;
import com.ezylang.evalex.Expression;
import com.ezylang.evalex.data.EvaluationValue;
import com.ezylang.evalex.operators.InfixOperator;
import com.ezylang.evalex.operators.OperatorIfc;
import com.ezylang.evalex.operators.arithmetic.InfixDivisionOperator;
import com.ezylang.evalex.operators.arithmetic.InfixMultiplicationOperator;
import com.ezylang.evalex.operators.arithmetic.InfixPowerOfOperator;
import com.ezylang.evalex.parser.Token;
import java.math.BigDecimal;

/** How large and how small a number may be: its first digit stands at most {@link #MOST} places from the point. */
final class Magnitude {

    /** The most places. */
    static final int MOST = 1000;

    private Magnitude() {}

    /** The number, when it is within. */
    static BigDecimal require(BigDecimal number) {
        long places = (long) number.precision() - number.scale();
        if (Math.abs(places) > MOST || Math.abs((long) number.scale()) > 2 * MOST) {
            throw new ArithmeticException("a number is too large or too small");
        }
        return number;
    }

    /** Looks at a literal before it is evaluated. */
    static void requireLiteral(String literal) {
        if (literal.startsWith("0x") || literal.startsWith("0X")) {
            return;
        }
        BigDecimal unused = require(new BigDecimal(literal));
    }

    private static EvaluationValue within(EvaluationValue value) {
        if (value.isNumberValue()) {
            BigDecimal unused = require(value.getNumberValue());
        }
        return value;
    }

    /** Multiplies. */
    @InfixOperator(precedence = OperatorIfc.OPERATOR_PRECEDENCE_MULTIPLICATIVE)
    static final class Product extends InfixMultiplicationOperator {
        @Override
        public EvaluationValue evaluate(Expression expression, Token token, EvaluationValue... operands)
                throws EvaluationException {
            return within(super.evaluate(expression, token, operands));
        }
    }

    /** Divides. */
    @InfixOperator(precedence = OperatorIfc.OPERATOR_PRECEDENCE_MULTIPLICATIVE)
    static final class Quotient extends InfixDivisionOperator {
        @Override
        public EvaluationValue evaluate(Expression expression, Token token, EvaluationValue... operands)
                throws EvaluationException {
            return within(super.evaluate(expression, token, operands));
        }
    }

    /** Raises. */
    @InfixOperator(precedence = OperatorIfc.OPERATOR_PRECEDENCE_POWER, leftAssociative = false)
    static final class Power extends InfixPowerOfOperator {
        @Override
        public EvaluationValue evaluate(Expression expression, Token token, EvaluationValue... operands)
                throws EvaluationException {
            return within(super.evaluate(expression, token, operands));
        }
    }
}
