package dev.fixpoint.op;

/**
 * The form of a call that computes {@code f(weightFactor · Σ x·w + addendFactor · b + z)}: the
 * first input is x, others are found by their positions, f has a Lipschitz constant.
 *
 * @param weights position of w
 * @param addend position of b, which may be absent
 * @param residual position of z, which may be absent; -1 where the operator has none
 * @param weightFactor factor of the products
 * @param addendFactor factor of b
 * @param lipschitz Lipschitz constant of f
 * @param plain the attributes without f and without the factors: those of {@code Σ x·w + b + z}
 */
public record WeightedSum(
    int weights,
    int addend,
    int residual,
    double weightFactor,
    double addendFactor,
    double lipschitz,
    Attributes plain) {}
