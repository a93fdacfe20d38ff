package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Matrix products: Gemm with all of its options, MatMul of any ranks. */
final class ProductSampler implements Sampler {
  private final boolean gemm;
  private final Operands operands;

  ProductSampler(boolean gemm, Operands operands) {
    this.gemm = gemm;
    this.operands = operands;
  }

  @Override
  public @Nullable Shape wish(Slots slots, int input) {
    int depth = slots.size().draw(slots.random());
    if (gemm) {
      return input == operands.left() || input == operands.right()
          ? Shape.of(slots.between(1, 3), depth)
          : null;
    }
    Shape wish = slots.wish();
    if (input == operands.left()) {
      Shape batch =
          wish != null && wish.rank() >= 2
              ? wish
              : Shapes.ofRank(slots.pick(2, 2, 3, 4), slots.random());
      return last(batch, batch.size(-2), depth);
    }
    if (input == operands.right()
        && slots.isTyped(operands.left())
        && slots.shape(operands.left()).rank() >= 1) {
      Shape a = slots.shape(operands.left());
      long columns = wish != null && wish.rank() > 0 ? wish.size(-1) : slots.between(1, 4);
      return a.rank() < 2 || slots.oneIn(3)
          ? Shape.of(a.size(-1), columns)
          : last(a, a.size(-1), columns);
    }
    return null;
  }

  @Override
  public void fill(Slots slots) {
    if (gemm) {
      gemm(slots);
    } else {
      matMul(slots);
    }
    slots.activation();
  }

  private void gemm(Slots slots) {
    boolean transA = slots.chosen("transA", slots.oneIn(4) ? 1 : 0) != 0;
    boolean transB = slots.chosen("transB", slots.oneIn(2) ? 1 : 0) != 0;
    Shape a = slots.isTyped(operands.left()) ? requireRank2(slots.shape(operands.left())) : null;
    Shape b = slots.isTyped(operands.right()) ? requireRank2(slots.shape(operands.right())) : null;
    Shape wish = slots.wish() != null && slots.wish().rank() == 2 ? slots.wish() : null;
    long depth = slots.size().draw(slots.random());
    depth = b != null ? b.size(transB ? 1 : 0) : depth;
    depth = a != null ? a.size(transA ? 0 : 1) : depth;
    long rows =
        a != null ? a.size(transA ? 1 : 0) : wish != null ? wish.size(0) : slots.between(1, 3);
    long columns =
        b != null ? b.size(transB ? 0 : 1) : wish != null ? wish.size(1) : slots.between(1, 4);
    operands.open(slots, operands.left(), transA ? Shape.of(depth, rows) : Shape.of(rows, depth));
    operands.open(
        slots, operands.right(), transB ? Shape.of(columns, depth) : Shape.of(depth, columns));
    operands.open(slots, operands.addend(), addend(slots, rows, columns));
    operands.openParameters(slots, columns);
    scales(slots, transA, transB);
  }

  private Shape addend(Slots slots, long rows, long columns) {
    if (operands.leftIsQuantized()) {
      return Shape.of(columns);
    }
    return switch (slots.between(0, 6)) {
      case 0 -> Shape.SCALAR;
      case 1 -> Shape.of(1);
      case 2 -> Shape.of(1, columns);
      case 3 -> Shape.of(rows, 1);
      case 4 -> Shape.of(rows, columns);
      default -> Shape.of(columns);
    };
  }

  private static void scales(Slots slots, boolean transA, boolean transB) {
    if (transA || slots.oneIn(4)) {
      slots.set("transA", transA ? 1L : 0L);
    }
    if (transB || slots.oneIn(4)) {
      slots.set("transB", transB ? 1L : 0L);
    }
    if (slots.oneIn(3)) {
      slots.set("alpha", slots.pick(1f, 0.5f, 2f, -1.5f, 0.1f));
    }
    if (slots.oneIn(3)) {
      slots.set("beta", slots.pick(1f, 0f, 0.5f, 2f, -1.5f));
    }
  }

  private static Shape requireRank2(Shape shape) {
    if (shape.rank() != 2) {
      throw new RejectedDraw("Gemm takes matrices");
    }
    return shape;
  }

  private void matMul(Slots slots) {
    Shape wish = slots.wish() != null && slots.wish().rank() >= 2 ? slots.wish() : null;
    long depth = slots.size().draw(slots.random());
    if (slots.isTyped(operands.right())) {
      Shape b = slots.shape(operands.right());
      depth = b.rank() == 0 ? 1 : b.size(b.rank() == 1 ? 0 : -2);
    }
    operands.open(slots, operands.left(), left(slots, wish, depth));
    Shape a = slots.shape(operands.left());
    if (a.rank() == 0) {
      throw new RejectedDraw("MatMul takes no scalars");
    }
    operands.open(slots, operands.right(), right(slots, a, wish));
    boolean isNumber = slots.inferred().shape().rank() == 0;
    long columns = isNumber ? 1 : slots.shape(operands.right()).size(-1);
    operands.open(slots, operands.addend(), Shape.of(columns));
    operands.openParameters(slots, columns);
  }

  private Shape left(Slots slots, @Nullable Shape wish, long depth) {
    if (wish != null) {
      return last(wish, wish.size(-2), depth);
    }
    int other = operands.right();
    if (slots.isTyped(other) && slots.shape(other).rank() > 2 && !slots.oneIn(4)) {
      return last(slots.shape(other), slots.between(1, 3), depth);
    }
    int rank = slots.pick(1, 2, 2, 2, 3, 3, 4);
    return rank == 1
        ? Shape.of(depth)
        : last(Shapes.ofRank(rank, slots.random()), slots.between(1, 3), depth);
  }

  private static Shape right(Slots slots, Shape a, @Nullable Shape wish) {
    long depth = a.size(-1);
    long columns = wish != null ? wish.size(-1) : slots.between(1, 4);
    if (a.rank() > 2 && slots.oneIn(3)) {
      return last(a, depth, columns);
    }
    return wish == null && slots.oneIn(8) ? Shape.of(depth) : Shape.of(depth, columns);
  }

  /** A shape with other last two sizes. */
  private static Shape last(Shape batch, long rows, long columns) {
    List<Long> sizes = new ArrayList<>();
    for (int i = 0; i < batch.rank() - 2; i++) {
      sizes.add(batch.size(i));
    }
    sizes.add(rows);
    sizes.add(columns);
    return Shapes.of(sizes);
  }
}
