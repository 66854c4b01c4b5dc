"""The PDF output: card sheets and pages of running text. No other package knows its engine, Typst."""
