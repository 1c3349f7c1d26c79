package io.agentpassport.core.crypto;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells the points of the prime-order subgroup of edwards25519 from all others, exactly, by four exponentiations in the
 * field instead of a multiplication of the point by the order L.
 *
 * <p>
 * The group is cyclic of order 8L, so P is in the subgroup when it is 8 times a point. On the Montgomery form
 * v² = u(u² + Au + 1), with A = 486662, u = (1+y)/(1-y) and m = 1-y:
 * <ol>
 * <li>P is twice a point exactly when u is a square s², as T = (0, 0) is the only point of order 2. For P to be on the
 * curve and u to be a square is for z = sqrt(1-y²) and t = sqrt(1+dy²) to exist: x is then ±sqrt(-1)·z/t, s is z/m, and
 * v/s is ±κt/m with κ = sqrt(A+2).
 * <li>One of A + 2u + 2v/s and A + 2u - 2v/s is a square w², as their product A² - 4 is none. With the sign that makes
 * it one, and q = u ± v/s - ws, the point Q = (q, wq) is a half: 2Q is P or -P. Other halves differ from it by T, which is
 * 4 times a point. (T. Pornin, "Point-Halving and Subgroup Membership in Twisted Edwards Curves", IACR ePrint 2022/1164.)
 * <li>Q is 4 times a point exactly when its Tate pairing with (1, κ), a point of order 4, is trivial: when (v - κu)²/u at
 * Q, that is q(w-κ)², is a fourth power. (D. Koshelev, "Subgroup membership testing on elliptic curves via the Tate
 * pairing", IACR ePrint 2022/037.)
 * </ol>
 */
final class PrimeOrderSubgroup {

    private static final int A = 486662;
    /** Of the curve -x² + y² = 1 + dx²y². */
    private static final FieldElement D = FieldElement.of(-121665).times(FieldElement.of(121666).inverse());
    private static final FieldElement KAPPA = known(FieldElement.of(A + 2).squareRoot());
    private static final FieldElement I = FieldElement.rootOfMinusOne();
    /** The roots of 1/(i(A² - 4)) and of 1/(-i(A² - 4)): what takes a failed root to the root for the other sign. */
    private static final FieldElement CROSSING_BY_I = known(
            I.times(FieldElement.of(A - 2)).times(FieldElement.of(A + 2)).inverse().squareRoot());
    private static final FieldElement CROSSING_BY_MINUS_I = CROSSING_BY_I.times(I);

    private PrimeOrderSubgroup() {}

    /**
     * Whether the point is in the subgroup. The sign of x makes no difference: P and -P both are, or neither.
     *
     * @param point 32 bytes, a canonical encoding other than those of the points of small order
     */
    static boolean contains(byte[] point) {
        FieldElement y = FieldElement.decode(point);
        FieldElement ySquared = y.squared();
        FieldElement t = D.times(ySquared).plus(FieldElement.ONE).squareRoot();
        if (t == null) {
            return false;
        }
        FieldElement z = FieldElement.ONE.minus(ySquared).squareRoot();
        return z != null && hasHalfThatIsFourTimesAPoint(y, KAPPA.times(t), z);
    }

    /** The last two steps, free of fractions. Nothing is 0 in them: that would be a P of small order. */
    private static boolean hasHalfThatIsFourTimesAPoint(FieldElement y, FieldElement kappaT, FieldElement z) {
        FieldElement m = FieldElement.ONE.minus(y);
        FieldElement mSquared = m.squared();
        FieldElement onePlusY = FieldElement.ONE.plus(y);
        // Am + 2(1+y) ± 2κt is m times A + 2u ± 2v/s.
        FieldElement even = FieldElement.of(A).times(m).plus(onePlusY).plus(onePlusY);
        FieldElement odd = kappaT.plus(kappaT);
        FieldElement square = even.plus(odd).times(m);
        FieldElement root = square.rootCandidate();
        FieldElement rootSquared = root.squared();
        FieldElement signed = kappaT;
        // m²w.
        FieldElement w;
        if (rootSquared.isSameAs(square)) {
            w = root.times(m);
        } else if (rootSquared.isSameAs(square.negated())) {
            w = root.times(I).times(m);
        } else {
            // The other sign it is, and the candidate r, r² = ±i·square, has its root too: the two products with m
            // multiply to (A² - 4)m⁴, so r·(even - odd)/sqrt(±i(A² - 4)) squared is m³(even - odd).
            signed = kappaT.negated();
            boolean byI = rootSquared.isSameAs(square.times(I));
            w = root.times(even.minus(odd)).times(byI ? CROSSING_BY_I : CROSSING_BY_MINUS_I);
        }
        // m³q and m²(w-κ); with one m more, m⁸ times the function.
        FieldElement q = onePlusY.plus(signed).times(mSquared).minus(w.times(z));
        FieldElement difference = w.minus(KAPPA.times(mSquared));
        return m.times(q).times(difference.squared()).isFourthPower();
    }

    private static FieldElement known(@Nullable FieldElement root) {
        return Objects.requireNonNull(root);
    }
}
