{{ trustgate.base(parents=['orders']) }}
