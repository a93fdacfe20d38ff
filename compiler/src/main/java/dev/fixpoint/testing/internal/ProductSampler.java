package dev.fixpoint.testing.internal;

import dev.fixpoint.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Matrix products: Gemm with all of its options, MatMul of any ranks. */
final class ProductSampler implements Sampler {
  private final boolean gemm;

  ProductSampler(boolean gemm) {
    this.gemm = gemm;
  }

  @Override
  public @Nullable Shape wish(Slots slots, int input) {
    int depth = slots.size().draw(slots.random());
    if (gemm) {
      return input < 2 ? Shape.of(slots.between(1, 3), depth) : null;
    }
    Shape wish = slots.wish();
    if (input == 0) {
      Shape batch =
          wish != null && wish.rank() >= 2
              ? wish
              : Shapes.ofRank(slots.pick(2, 2, 3, 4), slots.random());
      return last(batch, batch.size(-2), depth);
    }
    if (input == 1 && slots.isTyped(0) && slots.shape(0).rank() >= 1) {
      Shape a = slots.shape(0);
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

  private static void gemm(Slots slots) {
    boolean transA = slots.chosen("transA", slots.oneIn(4) ? 1 : 0) != 0;
    boolean transB = slots.chosen("transB", slots.oneIn(2) ? 1 : 0) != 0;
    Shape a = slots.isTyped(0) ? requireRank2(slots.shape(0)) : null;
    Shape b = slots.isTyped(1) ? requireRank2(slots.shape(1)) : null;
    Shape wish = slots.wish() != null && slots.wish().rank() == 2 ? slots.wish() : null;
    long depth = slots.size().draw(slots.random());
    depth = b != null ? b.size(transB ? 1 : 0) : depth;
    depth = a != null ? a.size(transA ? 0 : 1) : depth;
    long rows =
        a != null ? a.size(transA ? 1 : 0) : wish != null ? wish.size(0) : slots.between(1, 3);
    long columns =
        b != null ? b.size(transB ? 0 : 1) : wish != null ? wish.size(1) : slots.between(1, 4);
    slots.open(0, transA ? Shape.of(depth, rows) : Shape.of(rows, depth));
    slots.open(1, transB ? Shape.of(columns, depth) : Shape.of(depth, columns));
    slots.open(
        2,
        switch (slots.between(0, 6)) {
          case 0 -> Shape.SCALAR;
          case 1 -> Shape.of(1);
          case 2 -> Shape.of(1, columns);
          case 3 -> Shape.of(rows, 1);
          case 4 -> Shape.of(rows, columns);
          default -> Shape.of(columns);
        });
    scales(slots, transA, transB);
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

  private static void matMul(Slots slots) {
    Shape wish = slots.wish() != null && slots.wish().rank() >= 2 ? slots.wish() : null;
    long depth = slots.size().draw(slots.random());
    if (slots.isTyped(1)) {
      Shape b = slots.shape(1);
      depth = b.rank() == 0 ? 1 : b.size(b.rank() == 1 ? 0 : -2);
    }
    slots.open(0, left(slots, wish, depth));
    Shape a = slots.shape(0);
    if (a.rank() == 0) {
      throw new RejectedDraw("MatMul takes no scalars");
    }
    slots.open(1, right(slots, a, wish));
    slots.open(2, Shape.of(slots.inferred().shape().rank() == 0 ? 1 : slots.shape(1).size(-1)));
  }

  private static Shape left(Slots slots, @Nullable Shape wish, long depth) {
    if (wish != null) {
      return last(wish, wish.size(-2), depth);
    }
    if (slots.isTyped(1) && slots.shape(1).rank() > 2 && !slots.oneIn(4)) {
      return last(slots.shape(1), slots.between(1, 3), depth);
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
