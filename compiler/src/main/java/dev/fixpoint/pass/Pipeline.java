package dev.fixpoint.pass;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An immutable list of passes whose order was checked when it was built. */
public final class Pipeline {
  private final List<Pass> passes;

  private Pipeline(List<Pass> passes) {
    this.passes = passes;
  }

  /** Starts a pipeline. */
  public static Builder builder() {
    return new Builder();
  }

  /** The passes in order. */
  public List<Pass> passes() {
    return passes;
  }

  /** This pipeline, then another; the order is checked again. */
  public Pipeline plus(Pipeline other) {
    Builder builder = builder();
    passes.forEach(builder::then);
    other.passes.forEach(builder::then);
    return builder.build();
  }

  /** Collects passes. */
  public static final class Builder {
    private final List<Pass> passes = new ArrayList<>();
    private final Set<GraphProperty> given = new LinkedHashSet<>();

    private Builder() {}

    /** Says what graphs already have that the pipeline is for. */
    public Builder assuming(GraphProperty... properties) {
      given.addAll(List.of(properties));
      return this;
    }

    /** Adds a pass. */
    public Builder then(Pass pass) {
      passes.add(pass);
      return this;
    }

    /**
     * The pipeline.
     *
     * @throws IllegalArgumentException if a pass requires what no pass before it establishes
     */
    public Pipeline build() {
      Set<GraphProperty> established = new LinkedHashSet<>(given);
      for (Pass pass : passes) {
        for (GraphProperty property : pass.requires()) {
          if (!established.contains(property)) {
            throw new IllegalArgumentException(
                "pass '"
                    + pass.name()
                    + "' requires "
                    + property
                    + ", but only "
                    + established
                    + " is established before it; move it behind a pass that establishes "
                    + property);
          }
        }
        established.removeAll(pass.invalidates());
        established.addAll(pass.establishes());
      }
      return new Pipeline(List.copyOf(passes));
    }
  }
}
