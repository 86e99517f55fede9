package api

import "context"

type contextKey int

// WithSteps wraps a context as n layers of middleware do.
func WithSteps(ctx context.Context, n int) context.Context {
	for i := range n {
		ctx = context.WithValue(ctx, contextKey(i), i)
	}
	return ctx
}

// Tenant reads what the outermost layer put into the context.
//
// Planted, D11: the whole chain is walked for each question.
func Tenant(ctx context.Context) int {
	tenant, _ := ctx.Value(contextKey(0)).(int)
	return tenant
}
